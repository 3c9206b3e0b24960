import { batchedStream } from '../engine/batched-stream.ts'
import type { Codec } from '../codec.ts'
import { createCaller } from './call.ts'
import { createLateCall } from '../engine/late-call.ts'
import { loadStreaming } from '../stream/load-streaming.ts'
import type { Transport, TransportOptions } from '../transport.ts'

/**
 * Makes a transport of a codec: the one engine that does all I/O, whatever the protocol. Errors of the options come with
 * the first call, as rejections like all others.
 */
export function createTransport(codec: Codec, options: TransportOptions = {}): Transport {
  const { protocol } = codec
  const call = createCaller(codec, options)
  return {
    protocol,
    async send(request, callOptions = {}) {
      const open = await call(request, callOptions, { stream: false })
      const [only] = open.first.chunks
      if (only && !open.rest) {
        await open.close()
        return only
      }
      const { wholeChunk } = await loadStreaming()
      return wholeChunk(open, { protocol, model: request.model ?? '' })
    },
    stream: (request, callOptions = {}) =>
      batchedStream(() => createLateCall((controller) => call(request, callOptions, { stream: true, controller }))),
  }
}
