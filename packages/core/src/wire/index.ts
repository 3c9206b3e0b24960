/**
 * The wire format that both protocols of Model Studio share, for their codecs and for codecs of your own.
 *
 * @module @dualscope/core/wire
 */

export { isJsonObject, isTooDeep, parseJson, type JsonObject } from '../json.ts'
export { decodeCacheType, decodeFinishReason, decodeMessageText, decodeToolCalls } from './decode.ts'
export { checkExtra, encodeAssistantFields, encodeOptions, encodeToolCalls, omitUndefined } from './encode.ts'
export { decodeServiceError } from './error.ts'
export { mediaHeaders } from './media-header.ts'
export {
  isSilent,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalText,
  parseEvent,
  requireObject,
  stringifyJson,
  unknownShape,
  wireReader,
} from './read.ts'
