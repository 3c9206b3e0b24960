import type { Codec } from '../codec.ts'
import { accumulateAll } from '../stream/accumulate.ts'
import { toChunk } from '../stream/create-result.ts'
import type { Transport, TransportOptions } from '../transport.ts'
import { callBatches } from './call.ts'
import { createModelMemory } from './model-memory.ts'

/**
 * Creates a transport from a codec. It does all I/O, whatever the protocol. Invalid options are errors of the first call.
 *
 * @example
 * ```ts
 * const transport = createTransport(codec, { apiKey, baseUrl: 'https://example.com' })
 * ```
 */
export function createTransport(codec: Codec, options: TransportOptions = {}): Transport {
  const { protocol } = codec
  const context = { codec, options, memory: createModelMemory() }
  return {
    protocol,
    async send(request, callOptions = {}) {
      const batches = callBatches(context, request, callOptions, { stream: false })
      return toChunk(await accumulateAll(batches, { protocol, model: request.model ?? '' }))
    },
    stream: (request, callOptions = {}) => callBatches(context, request, callOptions, { stream: true }),
  }
}
