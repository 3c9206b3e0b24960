/**
 * A provider for the AI SDK: the models of Model Studio over either of its protocols, or over any `Transport`.
 *
 * @module @dualscope/ai-sdk
 */

export {
  createDualscope,
  dualscope,
  type DualscopeConnectOptions,
  type DualscopeProvider,
  type DualscopeTransportOptions,
  type ProtocolChoice,
} from './provider.ts'
export type { DualscopeCallOptions, DualscopeMessageOptions, DualscopePartOptions } from './provider-options.ts'
