/**
 * The OpenAI-compatible `chat/completions` as a transport.
 *
 * @module @dualscope/compatible
 */

export { codec } from './codec.ts'
export { compatible } from './transport.ts'
