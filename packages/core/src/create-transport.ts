import type { ChatChunk } from './chunk.ts'
import type { Codec, Decoded, Unsupported, WireRequest } from './codec.ts'
import { resolveKey } from './credentials.ts'
import { pause, startDeadline, unlessAborted } from './deadline.ts'
import { resolveEndpoint } from './endpoint.ts'
import { DualscopeError } from './errors.ts'
import { exchange, type Call, type ExchangeFailure, type OpenAnswer } from './exchange.ts'
import { mergeHeaders } from './headers.ts'
import { interruptible } from './interruptible.ts'
import { resolveLimits } from './limits.ts'
import { tell } from './observe.ts'
import { prepareRequest, type PreparedRequest } from './prepare.ts'
import { redactError } from './redact.ts'
import type { CallOptions } from './request.ts'
import { resolveMedia } from './resolve-media.ts'
import { withRetries } from './retry.ts'
import type { Transport, TransportOptions, TransportRequest } from './transport.ts'
import { wholeChunk } from './whole-chunk.ts'

/**
 * Makes a transport of a codec: the one engine that does all I/O, whatever the protocol. Errors of the options come with
 * the first call, as rejections like all others.
 */
export function createTransport(codec: Codec, options: TransportOptions = {}): Transport {
  const { protocol } = codec
  const { validate = true, unsupported: onUnsupported = 'error' } = options
  // The route on which a model answered, where it was not the first one.
  const learned = new Map<string, string>()
  // Models that were seen to answer in streams alone.
  const streamOnly = new Set<string>()

  async function* run(
    how: { stream: boolean; controller?: AbortController },
    transportRequest: TransportRequest,
    callOptions: CallOptions,
  ): AsyncGenerator<ChatChunk, void, undefined> {
    const limits = resolveLimits(options, callOptions)
    const deadline = startDeadline({ ...limits, signal: callOptions.signal }, how.controller)
    let open: OpenAnswer | undefined
    let key = ''
    try {
      deadline.signal.throwIfAborted()
      const { request: fitted, unsupported } = await prepareRequest(transportRequest, { validate })
      leaveOut(unsupported)
      const connection = connect(callOptions)
      key = await unlessAborted(resolveKey(options.apiKey), deadline.signal)
      const call: Call = { ...connection, key, model: fitted.model, deadline }
      let stream = how.stream || streamOnly.has(fitted.model)
      const { messages, upload } = await resolveMedia(fitted, {
        media: options.media,
        limited: validate && fitted.info !== undefined,
        target: { ...call, ...limits, allowHttp: options.allowHttp ?? false },
        signal: deadline.signal,
        onUploadProgress: callOptions.onUploadProgress,
      })
      let request: PreparedRequest = { ...fitted, messages }
      const routes = bestFirst(codec.routes(request), learned.get(request.model))
      const encoded = new Map<string, WireRequest>()
      const told = new Set<string>()
      const encode = (route: string): WireRequest => {
        const wire = encoded.get(route) ?? codec.encodeRequest(request, { route, stream })
        if (!told.has(route)) leaveOut(wire.unsupported)
        told.add(route)
        encoded.set(route, wire)
        return wire
      }
      if (upload) {
        // What the protocol cannot carry is refused before a byte is uploaded.
        routes.slice(0, 1).forEach(encode)
        encoded.clear()
        request = { ...request, messages: await upload() }
      }
      const attempt = async (number: number): Promise<OpenAnswer | ExchangeFailure> => {
        let outcome: OpenAnswer | ExchangeFailure | undefined
        for (const route of routes) {
          outcome = await exchange(call, route, encode(route), number)
          if ('wrongRoute' in outcome && outcome.wrongRoute) continue
          if ('streamOnly' in outcome && outcome.streamOnly && !stream) {
            streamOnly.add(request.model)
            stream = true
            encoded.clear()
            return attempt(number)
          }
          if (route !== routes[0]) learned.set(request.model, route)
          break
        }
        if (!outcome) throw new DualscopeError('configuration', `The codec ${protocol} names no route`)
        return outcome
      }
      const answered = await withRetries<OpenAnswer>(attempt, {
        retries: limits.retries,
        pause: (milliseconds) => pause(milliseconds, deadline.signal),
        onRetry: ({ error }, number, delay) =>
          tell(options.onRetry, () => ({ protocol, attempt: number, error: redactError(error, key), delay })),
      })
      open = answered
      for (const decoded of answered.first) yield chunkOf(decoded, answered)
      for await (const batch of answered.answer.batches) {
        for (const decoded of batch) {
          deadline.signal.throwIfAborted()
          yield chunkOf(decoded, answered)
        }
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
      base: resolveEndpoint(options),
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

  return {
    protocol,
    send: (request, callOptions = {}) =>
      wholeChunk(run({ stream: false }, request, callOptions), { protocol, model: request.model ?? '' }),
    stream(request, callOptions = {}) {
      const controller = new AbortController()
      return interruptible(run({ stream: true, controller }, request, callOptions), () => controller.abort())
    },
  }
}

function chunkOf(decoded: Decoded, open: OpenAnswer): ChatChunk {
  if ('fault' in decoded) throw open.refuse(decoded.fault)
  return decoded
}

function bestFirst(routes: readonly string[], best: string | undefined): readonly string[] {
  return best !== undefined && routes.includes(best) ? [best, ...routes.filter((route) => route !== best)] : routes
}
