import { attemptRoutes, createEncoder, createModelMemory, routesOf } from '../engine/attempts.ts'
import type { Batch } from './answer.ts'
import type { Codec, Unsupported } from '../codec.ts'
import { resolveKey } from '../service/credentials.ts'
import { pause, startDeadline, unlessAborted } from '../http/deadline.ts'
import { createEndpoint } from '../service/endpoint.ts'
import { DualscopeError } from '../errors.ts'
import type { Call, OpenAnswer } from './attempt.ts'
import { mergeHeaders } from '../http/headers.ts'
import { resolveLimits } from './limits.ts'
import { tell } from '../observe.ts'
import { fitPlain } from '../fit/fit-plain.ts'
import { loadFit } from '../fit/load-fit.ts'
import type { FitRequest } from '../request/prepare.ts'
import { redactError } from '../redact.ts'
import type { CallOptions } from '../chat/request.ts'
import { createRedirects } from '../engine/redirects.ts'
import { resolveMedia, withoutMedia } from '../media/resolve-media.ts'
import { withRetries } from '../http/retry.ts'
import type { TransportOptions, TransportRequest } from '../transport.ts'

/** A call whose answer has begun. */
export interface OpenCall extends Pick<OpenAnswer, 'first' | 'rest'> {
  /** The error that a batch ended with, in its refusal or failure. */
  explain: (batch: Batch) => Promise<unknown>
  /** Stops the clocks, and closes the connection if the end has not come. */
  close: () => Promise<void>
}

/** Sends a request and waits for the first chunks of its answer. */
export interface Caller {
  (
    request: TransportRequest,
    callOptions: CallOptions,
    how: { stream: boolean; controller?: AbortController | undefined },
  ): Promise<OpenCall>
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
      const { request: fitted, unsupported } = fitPlain(transportRequest) ?? (await fit(transportRequest))
      leaveOut(unsupported)
      const connection = await connect(callOptions)
      const resolved = resolveKey(options.apiKey)
      key = typeof resolved === 'string' ? resolved : await unlessAborted(resolved, signal)
      const call: Call = { ...connection, key, model: fitted.model, deadline }
      const media =
        withoutMedia(fitted) ??
        (await resolveMedia(fitted, {
          media: options.media,
          limited: validate && fitted.modelInfo !== undefined,
          target: { ...call, ...limits, allowHttp: options.allowHttp ?? false },
          signal,
          onUploadProgress: callOptions.onUploadProgress,
        }))
      let request = { ...fitted, messages: media.messages }
      const routes = routesOf(codec, request, memory)
      const encode = createEncoder(codec, leaveOut)
      if (media.upload) {
        // What the protocol cannot carry is refused before a byte is uploaded.
        await encode(request, routes[0] ?? '', stream)
        request = { ...request, messages: await media.upload() }
      }
      const asked = { request, stream, routes, encode, memory }
      const open = await withRetries<OpenAnswer>((number) => attemptRoutes(call, asked, number), {
        retries: limits.retries,
        pause: (milliseconds) => pause(milliseconds, signal),
        onRetry: ({ error }, attempt, delay) =>
          tell(options.onRetry, () => ({ protocol, attempt, error: redactError(error, key), delay })),
      })
      return {
        first: open.first,
        rest: open.rest,
        async explain({ refusal, failure }) {
          // Where a refusal cannot be explained, what stands in the way is told.
          const error = refusal ? await open.refuse(refusal).catch((reason: unknown) => reason) : failure?.error
          return redactError(error, key)
        },
        async close() {
          deadline.end()
          await open.close()
        },
      }
    } catch (error) {
      deadline.end()
      throw redactError(error, key)
    }
  }

  async function fit(request: TransportRequest): Promise<FitRequest> {
    const { prepareRequest } = await loadFit()
    return prepareRequest(request, { validate })
  }

  async function connect(callOptions: CallOptions): Promise<Omit<Call, 'key' | 'model' | 'deadline'>> {
    const { headers, workspace, fetch = globalThis.fetch } = options
    return {
      codec,
      base: await endpoint(),
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
