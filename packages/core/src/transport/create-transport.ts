import type { TransportRequest } from '../chat/request.ts'
import type { Codec } from '../codec.ts'
import { modelInfo } from '../models/catalogue.ts'
import { willThink } from '../request/thinking.ts'
import { toChunk } from '../stream/create-result.ts'
import type { Transport, TransportOptions } from '../transport.ts'
import { callBatches, callWhole } from './call.ts'
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
      const stream = mustStream(request)
      return toChunk(await callWhole(context, request, callOptions, { stream }))
    },
    stream: (request, callOptions = {}) => callBatches(context, request, callOptions),
  }
}

/** Long thinking is cut by the service, and by Node, at 300 s without a stream. */
function mustStream({ model, thinking }: TransportRequest): boolean {
  return willThink(thinking, model === undefined ? undefined : modelInfo(model))
}
