import { batchedStream } from './batches.ts'
import { chunkBatches } from './chunk-batches.ts'
import type { Codec } from '../codec.ts'
import { createCaller } from './call.ts'
import type { Transport, TransportOptions } from '../transport.ts'
import { wholeChunk } from './whole-chunk.ts'

/**
 * Makes a transport of a codec: the one engine that does all I/O, whatever the protocol. Errors of the options come with
 * the first call, as rejections like all others.
 */
export function createTransport(codec: Codec, options: TransportOptions = {}): Transport {
  const { protocol } = codec
  const call = createCaller(codec, options)
  return {
    protocol,
    send: async (request, callOptions = {}) =>
      wholeChunk(await call(request, callOptions, { stream: false }), { protocol, model: request.model ?? '' }),
    stream: (request, callOptions = {}) =>
      batchedStream(() => chunkBatches((controller) => call(request, callOptions, { stream: true, controller }))),
  }
}
