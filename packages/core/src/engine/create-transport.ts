import { attemptRoutes, createEncoder, createModelMemory, routesOf } from './attempts.ts'
import type { Batch } from './answer.ts'
import { batchedStream } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import type { Codec, Unsupported } from '../codec.ts'
import { resolveKey } from './credentials.ts'
import { pause, startDeadline, unlessAborted } from './deadline.ts'
import { createEndpoint } from './endpoint.ts'
import { DualscopeError } from '../errors.ts'
import type { Call, OpenAnswer } from './exchange.ts'
import { mergeHeaders } from './headers.ts'
import { interruptible } from './interruptible.ts'
import { resolveLimits } from './limits.ts'
import { tell } from './observe.ts'
import { prepareRequest } from '../fit/prepare.ts'
import { redactError } from './redact.ts'
import type { CallOptions } from '../request.ts'
import { resolveMedia } from '../media/resolve-media.ts'
import { withRetries } from './retry.ts'
import type { Transport, TransportOptions, TransportRequest } from '../transport.ts'
import { wholeChunk } from './whole-chunk.ts'

type Batches = AsyncGenerator<readonly ChatChunk[], void, undefined>

/**
 * Makes a transport of a codec: the one engine that does all I/O, whatever the protocol. Errors of the options come with
 * the first call, as rejections like all others.
 */
export function createTransport(codec: Codec, options: TransportOptions = {}): Transport {
  const { protocol } = codec
  const { validate = true, unsupported: onUnsupported = 'error' } = options
  const memory = createModelMemory()
  const endpoint = createEndpoint(options)

  async function* run(
    { stream, controller }: { stream: boolean; controller: AbortController },
    transportRequest: TransportRequest,
    callOptions: CallOptions,
  ): Batches {
    const limits = resolveLimits(options, callOptions)
    const deadline = startDeadline({ ...limits, signal: callOptions.signal }, controller)
    const { signal } = deadline
    let open: OpenAnswer | undefined
    let key = ''
    try {
      signal.throwIfAborted()
      const { request: fitted, unsupported } = await prepareRequest(transportRequest, { validate })
      leaveOut(unsupported)
      const connection = connect(callOptions)
      const resolved = resolveKey(options.apiKey)
      key = typeof resolved === 'string' ? resolved : await unlessAborted(resolved, signal)
      const call: Call = { ...connection, key, model: fitted.model, deadline }
      const media = await resolveMedia(fitted, {
        media: options.media,
        limited: validate && fitted.info !== undefined,
        target: { ...call, ...limits, allowHttp: options.allowHttp ?? false },
        signal,
        onUploadProgress: callOptions.onUploadProgress,
      })
      let request = { ...fitted, messages: media.messages }
      const routes = routesOf(codec, request, memory)
      const encode = createEncoder(codec, leaveOut)
      if (media.upload) {
        // What the protocol cannot carry is refused before a byte is uploaded.
        encode(request, routes[0] ?? '', stream)
        request = { ...request, messages: await media.upload() }
      }
      const asked = { request, stream, routes, encode, memory }
      open = await withRetries<OpenAnswer>((number) => attemptRoutes(call, asked, number), {
        retries: limits.retries,
        pause: (milliseconds) => pause(milliseconds, signal),
        onRetry: ({ error }, attempt, delay) =>
          tell(options.onRetry, () => ({ protocol, attempt, error: redactError(error, key), delay })),
      })
      for (let batch: Batch | undefined = open.first; batch !== undefined; batch = await open.answer.next()) {
        if (batch.chunks.length > 0) yield batch.chunks
        if (batch.fault) throw open.refuse(batch.fault)
      }
    } catch (error) {
      throw redactError(error, key)
    } finally {
      deadline.end()
      await open?.answer.close()
    }
  }

  function connect(callOptions: CallOptions): Omit<Call, 'key' | 'model' | 'deadline'> {
    const { headers, workspace, fetch = globalThis.fetch } = options
    return {
      codec,
      base: endpoint(),
      headers: mergeHeaders(workspace ? { 'x-dashscope-workspace': workspace } : {}, headers, callOptions.headers),
      observers: options,
      fetch,
    }
  }

  function leaveOut(unsupported: readonly Unsupported[]): void {
    for (const field of unsupported) {
      if (onUnsupported === 'error') throw new DualscopeError('unsupported', `${field.path}: ${field.message}`)
      tell(options.onDrop, () => ({ protocol, ...field }))
    }
  }

  function start(stream: boolean, request: TransportRequest, callOptions: CallOptions): AsyncIterable<ChatChunk> {
    return batchedStream(() => {
      const controller = new AbortController()
      return interruptible(run({ stream, controller }, request, callOptions), () => controller.abort())
    })
  }

  return {
    protocol,
    send: (request, callOptions = {}) =>
      wholeChunk(start(false, request, callOptions), { protocol, model: request.model ?? '' }),
    stream: (request, callOptions = {}) => start(true, request, callOptions),
  }
}
