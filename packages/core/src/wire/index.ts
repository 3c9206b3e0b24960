/**
 * What the two protocols of Model Studio spell alike, for their codecs and for whoever writes a third.
 *
 * @module @dualscope/core/wire
 */

export { decodeFault } from './decode-fault.ts'
export { decodeFinishReason } from './finish-reason.ts'
export { encodeExtra, encodeParameters } from './parameters.ts'
export { mediaHeaders } from './media.ts'
export { parseEvent, parseJson, unknownShape, wireReader } from './parse.ts'
export { decodeToolCalls, encodeToolCalls } from './tool.ts'
export { isJsonObject, type JsonObject } from '../json.ts'
