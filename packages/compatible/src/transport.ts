import { createTransport, type Transport, type TransportOptions } from '@dualscope/core'

import { codec } from './codec.ts'

/**
 * Creates a transport over the OpenAI-compatible protocol. Invalid options are `configuration` errors of the first call.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: compatible(), model: 'kimi-k2.5' })
 * ```
 */
export function compatible(options?: TransportOptions): Transport {
  return createTransport(codec, options)
}
