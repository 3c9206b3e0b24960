/**
 * How both protocols of Model Studio write what is more than words: the part of a codec that is best loaded when a request
 * first needs it.
 *
 * @module @dualscope/core/wire/encode
 */

export { given } from './given.ts'
export { encodeExtra, encodeParameters } from './encode.ts'
export { mediaHeaders } from './media-header.ts'
export { encodeToolCalls } from './tool.ts'
