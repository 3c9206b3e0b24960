import { attemptRoutes, createEncoder, createModelMemory, routesOf } from './attempts.ts'
import type { Batches } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import type { Codec, Unsupported } from '../codec.ts'
import { resolveKey } from './credentials.ts'
import { pause, startDeadline, unlessAborted } from './deadline.ts'
import { createEndpoint } from './endpoint.ts'
import { DualscopeError } from '../errors.ts'
import type { Call, OpenAnswer } from './exchange.ts'
import { mergeHeaders } from './headers.ts'
import { resolveLimits } from './limits.ts'
import { tell } from './observe.ts'
import { prepareRequest } from '../fit/prepare.ts'
import { readOn } from './read-on.ts'
import { redactError } from './redact.ts'
import type { CallOptions } from '../request.ts'
import { createRedirects } from './redirects.ts'
import { resolveMedia } from '../media/resolve-media.ts'
import { withRetries } from './retry.ts'
import type { TransportOptions, TransportRequest } from '../transport.ts'

/** Sends a request and gives the chunks of its answer, of which the first have come. */
export interface Caller {
  (
    request: TransportRequest,
    callOptions: CallOptions,
    how: { stream: boolean; controller?: AbortController | undefined },
  ): Promise<Batches<ChatChunk>>
}

/** Makes the caller of a transport, which remembers what the service's answers tell of its models. */
export function createCaller(codec: Codec, options: TransportOptions): Caller {
  const { protocol } = codec
  const { validate = true, unsupported: onUnsupported = 'error' } = options
  const memory = createModelMemory()
  const redirects = createRedirects()
  const endpoint = createEndpoint(options)

  return async (transportRequest, callOptions, { stream, controller }) => {
    const limits = resolveLimits(options, callOptions)
    const deadline = startDeadline({ ...limits, signal: callOptions.signal }, controller)
    const { signal } = deadline
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
      const open = await withRetries<OpenAnswer>((number) => attemptRoutes(call, asked, number), {
        retries: limits.retries,
        pause: (milliseconds) => pause(milliseconds, signal),
        onRetry: ({ error }, attempt, delay) =>
          tell(options.onRetry, () => ({ protocol, attempt, error: redactError(error, key), delay })),
      })
      return readOn(open, { deadline, key })
    } catch (error) {
      deadline.end()
      throw redactError(error, key)
    }
  }

  function connect(callOptions: CallOptions): Omit<Call, 'key' | 'model' | 'deadline'> {
    const { headers, workspace, fetch = globalThis.fetch } = options
    return {
      codec,
      base: endpoint(),
      headers: mergeHeaders(workspace ? { 'x-dashscope-workspace': workspace } : {}, headers, callOptions.headers),
      observers: options,
      redirects,
      fetch,
    }
  }

  function leaveOut(unsupported: readonly Unsupported[]): void {
    for (const field of unsupported) {
      if (onUnsupported === 'error') throw new DualscopeError('unsupported', `${field.path}: ${field.message}`)
      tell(options.onDrop, () => ({ protocol, ...field }))
    }
  }
}
