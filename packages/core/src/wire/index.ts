/**
 * What the two protocols of Model Studio spell alike, for their codecs and for whoever writes a third.
 *
 * @module @dualscope/core/wire
 */

export { decodeFault } from './decode-fault.ts'
export { decodeFinishReason } from './decode.ts'
export { decodeToolCalls } from './tool-calls.ts'
export { encodePlainSettings } from './plain.ts'
export { isJsonObject, type JsonObject } from '../json.ts'
export { latePart } from '../lazy.ts'
export { nestsTooDeep, parseEvent, parseJson, unknownShape, wireReader, writeJson } from './read.ts'
