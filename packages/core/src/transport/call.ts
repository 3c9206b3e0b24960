import { abortable } from '../async/abort.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { TransportRequest } from '../chat/request.ts'
import type { ChatResult } from '../chat/result.ts'
import type { Codec, WireRequest } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { startDeadline, type Deadline } from '../http/deadline.ts'
import { mergeHeaders } from '../http/headers.ts'
import type { Failure } from '../http/retry.ts'
import { resolveMedia } from '../media/resolve.ts'
import { joinObservers, notify } from '../observe.ts'
import { redactError } from '../redact.ts'
import { validateCallOptions, validateTransportOptions } from '../request/options.ts'
import { prepareRequest } from '../request/prepare.ts'
import type { PreparedRequest, UnsupportedField } from '../request/prepared.ts'
import { retry, type Connection } from '../service/connection.ts'
import { resolveKey } from '../service/credentials.ts'
import { resolveEndpoint, workspaceHeaders } from '../service/endpoint.ts'
import { userAgent } from '../service/environment.ts'
import { createAccumulator, type Accumulator } from '../stream/accumulate.ts'
import type { AnswerDefaults } from '../stream/create-result.ts'
import type { TransportCallOptions, TransportOptions } from '../transport.ts'
import { attemptRoutes, type AttemptContext, type ResponseStart } from './attempt.ts'
import { resolveLimits } from './limits.ts'
import { findRoutes, type ModelMemory } from './model-memory.ts'

/** The context that all calls of one transport share. */
export interface CallContext {
  codec: Codec
  options: TransportOptions
  memory: ModelMemory
}

// After its last event an answer is complete; the connection gets this long, in ms, to end so that it can be used again.
const drainingTime = 2_000

/**
 * Makes one call and yields its answer as batches of chunks. Retries end with the first batch that says something; leaving the
 * loop closes the connection.
 */
export async function* callBatches(
  context: CallContext,
  request: TransportRequest,
  callOptions: TransportCallOptions,
): AsyncGenerator<readonly ChatChunk[], void, undefined> {
  const deadline = startCall(context, callOptions)
  let start: ResponseStart | undefined
  let complete = false
  try {
    const call = await prepareCall(context, request, callOptions, { stream: true, deadline })
    start = await retry<ResponseStart>(call.connection, deadline.signal, (attempt) => attemptRoutes(call, attempt))
    yield start.first
    yield* start.batches
    complete = true
  } catch (error) {
    throw start ? start.explain(error).error : error
  } finally {
    deadline.dispose()
    if (complete) void start?.body.drain(drainingTime)
    else await start?.body.cancel()
  }
}

/** Makes one call and resolves with its whole answer. Nothing of it has been shown, so retries end only with the answer. */
export async function callWhole(
  context: CallContext,
  request: TransportRequest,
  callOptions: TransportCallOptions,
  { stream }: { stream: boolean },
): Promise<ChatResult> {
  const defaults = { protocol: context.codec.protocol, model: request.model ?? '' }
  const deadline = startCall(context, callOptions)
  try {
    const call = await prepareCall(context, request, callOptions, { stream, deadline })
    const { result } = await retry<{ result: ChatResult }>(call.connection, deadline.signal, async (attempt) => {
      const outcome = await attemptRoutes(call, attempt)
      return 'first' in outcome ? readWhole(outcome, defaults, deadline) : outcome
    })
    return result
  } finally {
    deadline.dispose()
  }
}

function startCall({ options }: CallContext, callOptions: TransportCallOptions): Deadline {
  validateTransportOptions(options)
  validateCallOptions(callOptions)
  return startDeadline({ ...resolveLimits(options, callOptions), signal: callOptions.signal })
}

async function readWhole(
  start: ResponseStart,
  defaults: AnswerDefaults,
  { signal }: Deadline,
): Promise<{ result: ChatResult } | Failure> {
  const answer = createAccumulator(defaults)
  try {
    pushAll(answer, start.first)
    for await (const batch of start.batches) pushAll(answer, batch)
    answer.finish(ignore)
    void start.body.drain(drainingTime)
    return { result: answer.result() }
  } catch (thrown) {
    await start.body.cancel()
    const { error, retries, retryAfter } = start.explain(thrown)
    if (!(error instanceof DualscopeError)) throw error
    error.partial ??= answer.result()
    if (signal.aborted) throw error
    return { error, retries, retryAfter }
  }
}

function pushAll(answer: Accumulator, chunks: readonly ChatChunk[]): void {
  for (const chunk of chunks) answer.push(chunk, ignore)
}

function ignore(): void {}

/** Prepares everything up to the first attempt, uploads included. */
async function prepareCall(
  { codec, options: transportOptions, memory }: CallContext,
  transportRequest: TransportRequest,
  callOptions: TransportCallOptions,
  { stream, deadline }: { stream: boolean; deadline: Deadline },
): Promise<AttemptContext> {
  const options = { ...transportOptions, ...joinObservers(transportOptions, callOptions) }
  const { validate = true } = options
  const { signal } = deadline
  signal.throwIfAborted()
  const { request: adapted, unsupported } = await prepareRequest(transportRequest, { validate })
  leaveOut(unsupported, codec, options)
  const connection = await connect(codec, options, callOptions, { model: adapted.model, signal })
  try {
    const resolving = resolveMedia(adapted, {
      media: options.media,
      limited: validate && adapted.modelInfo !== undefined,
      connection,
      signal,
      onUploadProgress: callOptions.onUploadProgress,
    })
    // A Blob may take for ever to read.
    const media = await deadline.whileWaiting(abortable(resolving, signal))
    let request: PreparedRequest = { ...adapted, messages: media.messages }
    const routes = findRoutes(codec, request, memory)
    const encode = createEncoder(codec, options)
    if (media.upload) {
      // Unsupported fields fail before a byte is uploaded.
      encode(request, routes[0] ?? '', stream)
      request = { ...request, messages: await media.upload() }
    }
    return { connection, deadline, request, stream, routes, encode, memory }
  } catch (error) {
    throw redactError(error, connection.secrets)
  }
}

/** Collects where the requests of a call go, and resolves the key last: no key is read for a call that cannot be sent. */
async function connect(
  codec: Codec,
  options: TransportOptions,
  callOptions: TransportCallOptions,
  { model, signal }: { model: string; signal: AbortSignal },
): Promise<Connection> {
  const { workspace, fetch = globalThis.fetch } = options
  const { timeout, retries } = resolveLimits(options, callOptions)
  const base = resolveEndpoint(options)
  const headers = mergeHeaders(workspaceHeaders(workspace), options.headers, callOptions.headers)
  const agent = userAgent(headers['user-agent'])
  if (agent) headers['user-agent'] = agent
  const key = await resolveKey(options.apiKey, signal)
  const own = headers['authorization']?.replace(/^\S+ /, '')
  return {
    codec,
    model,
    base,
    headers,
    observers: options,
    fetch,
    timeout,
    retries,
    key,
    secrets: own ? [key, own] : [key],
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
