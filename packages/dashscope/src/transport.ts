import { createTransport, type Transport, type TransportOptions } from '@dualscope/core'

import { createCodec, type NativeOptions } from './codec.ts'

/** The options of every transport, and those of the native protocol. */
export interface DashscopeOptions extends TransportOptions, NativeOptions {}

/**
 * Creates a transport over the native DashScope protocol. Invalid options are `configuration` errors of the first call.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: dashscope(), model: 'kimi-k2.5' })
 * ```
 */
export function dashscope({ incrementalOutput, service, ...options }: DashscopeOptions = {}): Transport {
  return createTransport(createCodec({ incrementalOutput, service }), options)
}
