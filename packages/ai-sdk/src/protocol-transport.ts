import { compatible } from '@dualscope/compatible'
import { DualscopeError, fallback, type Transport, type TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'

/** A protocol, or both with a comma between them: the second is tried if the first fails (see `fallback`). */
export type ProtocolChoice = 'compatible' | 'dashscope' | 'compatible,dashscope' | 'dashscope,compatible'

/**
 * How a provider reaches Model Studio. `retries` has no effect, because the AI SDK retries, and `unsupported` is 'drop' by
 * default, because the AI SDK has warnings for it.
 */
export interface DualscopeConnectOptions extends TransportOptions {
  /** An unknown protocol is a `configuration` error of the first call. @default the environment's DUALSCOPE_PROTOCOL, else 'compatible' */
  protocol?: ProtocolChoice | undefined
}

/** Returns the protocol, or the list of protocols, that options choose. */
export function chosenProtocol({ protocol }: DualscopeConnectOptions): string {
  // Not every runtime has a `process`.
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  return protocol ?? (process?.env?.['DUALSCOPE_PROTOCOL'] || 'compatible')
}

/** Creates the transport that options choose. Throws `configuration` for an unknown protocol. */
export function createProtocolTransport({ protocol, ...options }: DualscopeConnectOptions): Transport {
  const names = chosenProtocol({ protocol }).split(',')
  const transports = names.map((name) => createNamed(name.trim(), options))
  const [only] = transports
  return only && transports.length === 1 ? only : fallback(transports)
}

function createNamed(name: string, options: TransportOptions): Transport {
  if (name === 'compatible') return compatible(options)
  if (name === 'dashscope') return dashscope(options)
  const choices = 'compatible, dashscope, or both with a comma between them'
  throw new DualscopeError('configuration', `protocol: "${name}" is unknown; it can be ${choices}`)
}
