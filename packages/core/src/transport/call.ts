import type { ChatChunk } from '../chat/chunk.ts'
import type { CallOptions, TransportRequest } from '../chat/request.ts'
import type { Codec, WireRequest } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { startDeadline, type Deadline } from '../http/deadline.ts'
import { mergeHeaders } from '../http/headers.ts'
import { resolveMedia } from '../media/resolve.ts'
import { notify } from '../observe.ts'
import { redactError } from '../redact.ts'
import { prepareRequest } from '../request/prepare.ts'
import type { PreparedRequest, UnsupportedField } from '../request/prepared.ts'
import { retry, type Connection } from '../service/connection.ts'
import { resolveKey } from '../service/credentials.ts'
import { resolveEndpoint } from '../service/endpoint.ts'
import type { TransportOptions } from '../transport.ts'
import { attemptRoutes, type ResponseStart } from './attempt.ts'
import { resolveLimits } from './limits.ts'
import { findRoutes, type ModelMemory } from './model-memory.ts'

/** What the calls of one transport share. */
export interface CallContext {
  codec: Codec
  options: TransportOptions
  memory: ModelMemory
}

// After its last event an answer is complete; the connection gets this long, in ms, to end so that it can be used again.
const drainingTime = 2_000

/**
 * Makes one call and yields its answer as batches of chunks. Retries end with the first batch; leaving the loop closes the
 * connection.
 */
export async function* callBatches(
  context: CallContext,
  request: TransportRequest,
  callOptions: CallOptions,
  { stream }: { stream: boolean },
): AsyncGenerator<readonly ChatChunk[], void, undefined> {
  const limits = resolveLimits(context.options, callOptions)
  const deadline = startDeadline({ ...limits, signal: callOptions.signal })
  let start: ResponseStart | undefined
  let complete = false
  try {
    deadline.signal.throwIfAborted()
    start = await openCall(context, request, callOptions, { stream, deadline })
    yield start.first
    yield* start.batches
    complete = true
  } catch (error) {
    throw start ? start.explain(error) : error
  } finally {
    deadline.dispose()
    if (complete) void start?.body.drain(drainingTime)
    else await start?.body.cancel()
  }
}

/** Prepares the request, sends it, and waits for the first batch of its answer. */
async function openCall(
  { codec, options, memory }: CallContext,
  transportRequest: TransportRequest,
  callOptions: CallOptions,
  { stream, deadline }: { stream: boolean; deadline: Deadline },
): Promise<ResponseStart> {
  const { validate = true } = options
  const { signal } = deadline
  const { request: adapted, unsupported } = await prepareRequest(transportRequest, { validate })
  leaveOut(unsupported, codec, options)
  const connection = await connect(codec, options, callOptions, { model: adapted.model, signal })
  try {
    const media = await resolveMedia(adapted, {
      media: options.media,
      limited: validate && adapted.modelInfo !== undefined,
      connection,
      signal,
      onUploadProgress: callOptions.onUploadProgress,
    })
    let request: PreparedRequest = { ...adapted, messages: media.messages }
    const routes = findRoutes(codec, request, memory)
    const encode = createEncoder(codec, options)
    if (media.upload) {
      // What the protocol does not support fails before a byte is uploaded.
      encode(request, routes[0] ?? '', stream)
      request = { ...request, messages: await media.upload() }
    }
    const context = { connection, deadline, request, stream, routes, encode, memory }
    return await retry<ResponseStart>(connection, signal, (attempt) => attemptRoutes(context, attempt))
  } catch (error) {
    throw redactError(error, connection.key)
  }
}

/** Collects where the requests of a call go, and resolves the key last: no key is read for a call that cannot be sent. */
async function connect(
  codec: Codec,
  options: TransportOptions,
  callOptions: CallOptions,
  { model, signal }: { model: string; signal: AbortSignal },
): Promise<Connection> {
  const { headers, workspace, fetch = globalThis.fetch, allowHttp = false } = options
  const { timeout, retries } = resolveLimits(options, callOptions)
  return {
    codec,
    model,
    base: resolveEndpoint(options),
    headers: mergeHeaders(workspace ? { 'x-dashscope-workspace': workspace } : {}, headers, callOptions.headers),
    observers: options,
    fetch,
    allowHttp,
    timeout,
    retries,
    key: await resolveKey(options.apiKey, signal),
  }
}

/** Creates the encoder of one call, which reports what had to be left out once for each route. */
function createEncoder(codec: Codec, options: TransportOptions) {
  const reported = new Set<string>()
  return (request: PreparedRequest, route: string, stream: boolean): WireRequest => {
    const wire = codec.encodeRequest(request, { route, stream })
    if (!reported.has(route)) leaveOut(wire.unsupported, codec, options)
    reported.add(route)
    return wire
  }
}

function leaveOut(unsupported: readonly UnsupportedField[], codec: Codec, options: TransportOptions): void {
  for (const field of unsupported) {
    if (options.unsupported !== 'drop') throw new DualscopeError('unsupported', `${field.path}: ${field.message}`)
    notify(options.onDrop, () => ({ protocol: codec.protocol, ...field }))
  }
}
