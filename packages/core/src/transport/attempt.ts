import { saysSomething, type ChatChunk } from '../chat/chunk.ts'
import type { WireRequest } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { createBodyReader, readReason, type BodyReader } from '../http/body.ts'
import type { Deadline } from '../http/deadline.ts'
import { mergeHeaders, requestIdOf } from '../http/headers.ts'
import { send } from '../http/send.ts'
import { notify, requestNotice, responseNotice } from '../observe.ts'
import { redactError } from '../redact.ts'
import type { PreparedRequest } from '../request/prepared.ts'
import type { Connection } from '../service/connection.ts'
import { explainRefusal, type Refusal, type RefusedRequest } from '../service/refusal.ts'
import { readAnswer } from './answer.ts'
import { RefusedAnswer } from './decode-events.ts'
import type { ModelMemory } from './model-memory.ts'
import { markRepetition } from './repetition.ts'

/** An answer whose first batch has arrived. */
export interface ResponseStart {
  first: readonly ChatChunk[]
  /** The other batches. */
  batches: AsyncGenerator<ChatChunk[], void, undefined>
  body: BodyReader
  /** Turns what the batches throw into the error of the call, and says whether a retry may help. */
  explain: (error: unknown) => { error: unknown; retries: number; retryAfter?: number | undefined }
}

/** The context that all attempts of one call share. */
export interface AttemptContext {
  connection: Connection
  deadline: Deadline
  request: PreparedRequest
  stream: boolean
  routes: readonly string[]
  /** Writes the request for a route. */
  encode: (request: PreparedRequest, route: string, stream: boolean) => WireRequest
  memory: ModelMemory
}

/**
 * Makes one attempt of a call. What the service says about the way to ask is followed at once and remembered: "url error"
 * means another route, and a model that refuses a whole answer is asked for a stream.
 */
export async function attemptRoutes(context: AttemptContext, attempt: number): Promise<ResponseStart | Refusal> {
  const { request, routes, encode, memory } = context
  const { model } = request
  for (let index = 0; ; index += 1) {
    const route = routes[index] ?? ''
    let stream = context.stream || memory.streamingOnly.has(model)
    let outcome = await exchange(context, { route, wire: encode(request, route, stream), attempt })
    if (!stream && 'streamingOnly' in outcome && outcome.streamingOnly) {
      memory.streamingOnly.add(model)
      stream = true
      outcome = await exchange(context, { route, wire: encode(request, route, stream), attempt })
    }
    if ('first' in outcome && index > 0) memory.routes.set(model, route)
    const another = 'wrongRoute' in outcome && outcome.wrongRoute && index + 1 < routes.length
    if (!another) return outcome
  }
}

/**
 * Sends one request and waits for the first batch of its answer. Returns a failure that a retry may repair; throws an abort,
 * a timeout and an answer that cannot be read.
 */
async function exchange(
  { connection, deadline }: AttemptContext,
  { route, wire, attempt }: { route: string; wire: WireRequest; attempt: number },
): Promise<ResponseStart | Refusal> {
  const { codec, observers, key, secrets, fetch } = connection
  const { protocol } = codec
  const { signal } = deadline
  const method = 'POST'
  const url = `${connection.base}${route}`
  const headers = mergeHeaders(
    { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    wire.headers,
    connection.headers,
  )
  notify(observers.onRequest, () =>
    requestNotice({ protocol, method, url, headers, body: wire.body, attempt }, secrets),
  )

  const text = stringifyBody(wire.body)
  let response: Response
  try {
    response = await deadline.whileWaiting(send({ method, url, headers, body: text, signal, fetch }))
  } catch (error) {
    return retryableFailure(error, signal)
  }
  const { status } = response
  const requestId = requestIdOf(response)
  notify(observers.onResponse, () => responseNotice({ protocol, url, requestId, attempt }, response, secrets))
  const refused = { connection, url, response }
  const body = createBodyReader(response.body, deadline)

  if (!response.ok) {
    // The target of a redirect is in its head, so the body is not needed.
    if (status < 400) await body.cancel()
    const reason = await readReason(body)
    signal.throwIfAborted()
    return explainRefusal({ status, body: reason }, refused)
  }

  const batches = markRepetition(readAnswer(response, body, codec), connection.model, codec)
  try {
    const first = await readFirst(batches)
    return {
      first: withRequestId(first, requestId),
      batches,
      body,
      explain(error) {
        const failure = explainFailure(error, refused)
        return { ...failure, error: redactError(failure.error, secrets) }
      },
    }
  } catch (error) {
    await body.cancel()
    return error instanceof RefusedAnswer ? explainRefusal(error.raw, refused) : retryableFailure(error, signal)
  }
}

/** Reads up to the first batch that says something: until then the call can be repeated. */
async function readFirst(batches: AsyncGenerator<ChatChunk[], void, undefined>): Promise<ChatChunk[]> {
  const first: ChatChunk[] = []
  for (let step = await batches.next(); !step.done; step = await batches.next()) {
    for (const chunk of step.value) first.push(chunk)
    if (step.value.some(saysSomething)) return first
  }
  throw new DualscopeError('incomplete', 'The answer ended before it began')
}

/** Explains what ended an answer. If decoding an error fails, that failure is the error. */
function explainFailure(error: unknown, refused: RefusedRequest): { error: unknown; retries: number } {
  try {
    if (error instanceof RefusedAnswer) return explainRefusal(error.raw, refused)
    const broken = error instanceof DualscopeError && error.code === 'incomplete'
    return { error, retries: broken ? Infinity : 0 }
  } catch (failure) {
    return { error: failure, retries: 0 }
  }
}

/** Adds the request id of the head to an answer whose body has none. */
function withRequestId(chunks: ChatChunk[], requestId: string | undefined): readonly ChatChunk[] {
  const [first, ...others] = chunks
  return first && first.requestId === undefined ? [{ ...first, requestId }, ...others] : chunks
}

/** Writes the body as JSON. A client has checked what a caller may pass in; a transport of its own has not. */
function stringifyBody(body: WireRequest['body']): string {
  try {
    const text = JSON.stringify(body)
    // Half a character, as at the end of an answer that was cut, is no text for the service: UTF-8 has no form for it.
    return /\\ud[89a-f]/.test(text) ? JSON.stringify(body, toWellFormed) : text
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DualscopeError('validation', `the request: cannot be written as JSON: ${reason}`)
  }
}

function toWellFormed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value
}

/** A connection that broke before the first chunk may hold the next time; any other error is thrown. */
function retryableFailure(error: unknown, signal: AbortSignal): Refusal {
  signal.throwIfAborted()
  const broken = error instanceof DualscopeError && (error.code === 'connection' || error.code === 'incomplete')
  if (!broken) throw error
  return { error, retries: Infinity }
}
