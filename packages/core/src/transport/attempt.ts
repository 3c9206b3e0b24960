import { beginAnswer, loadEventReader, type Batch, type EventReader } from './answer.ts'
import { readReason } from '../http/body.ts'
import type { Codec, Refusal, WireRequest } from '../codec.ts'
import type { Deadline } from '../http/deadline.ts'
import { DualscopeError } from '../errors.ts'
import type { RefusedRequest } from '../service/refusal.ts'
import { mergeHeaders } from '../http/headers.ts'
import { sendHttp, type HttpAnswer } from '../http/send.ts'
import { loadNotices, tell, type Observers } from '../observe.ts'
import type { Redirects } from '../engine/redirects.ts'
import { refuse } from '../engine/refuse.ts'
import { requestIdOf } from '../engine/request-id.ts'
import type { Failure } from '../http/retry.ts'

/** What the exchanges of one call share. */
export interface Call {
  codec: Codec
  model: string
  base: string
  key: string
  /** The caller's. */
  headers: Readonly<Record<string, string>>
  deadline: Deadline
  observers: Observers
  redirects: Redirects
  fetch: typeof globalThis.fetch
}

/** An answer whose first batch has come. */
export interface OpenAnswer {
  first: Batch
  /** Has the rest; absent where the answer was one JSON text. */
  rest: EventReader | undefined
  /** Makes an error of a refusal that comes after the first chunk. */
  refuse: (refusal: Refusal) => Promise<DualscopeError>
  /** Closes the connection if the end has not come. */
  close: () => Promise<void>
}

/** An exchange that failed before the first chunk. */
export interface ExchangeFailure extends Failure {
  /** Another route may serve the model. */
  wrongRoute?: boolean | undefined
  /** The model answers in streams alone. */
  streamOnly?: boolean | undefined
}

/**
 * Sends one request and waits for the first batch of its answer. What a repetition may mend comes back as a failure;
 * an abort, a timeout and an answer that cannot be read are thrown.
 */
export async function exchange(
  call: Call,
  asked: { route: string; wire: WireRequest; stream: boolean; attempt: number },
): Promise<OpenAnswer | ExchangeFailure> {
  const { codec, deadline, observers, redirects, key } = call
  const { route, wire, stream, attempt } = asked
  const { protocol } = codec
  const url = `${call.base}${route}`
  const headers = mergeHeaders(
    { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    wire.headers,
    call.headers,
  )
  // Most calls are not watched.
  const notices = observers.onRequest || observers.onResponse ? await loadNotices() : undefined
  const request = { protocol, method: 'POST', url, headers, body: wire.body, attempt }
  if (notices) tell(observers.onRequest, () => notices.requestNotice(request, key))

  const text = asJson(wire.body)
  const redirect = redirects.mode()
  const sent = sendHttp({ method: 'POST', url, headers, body: text, redirect, deadline, fetch: call.fetch })
  const reader = stream ? loadEventReader(codec) : undefined
  // Its failure is told where it is needed.
  reader?.catch(() => undefined)
  let answered: HttpAnswer
  try {
    deadline.wait()
    answered = await sent
  } catch (error) {
    return redirects.failed(redirect, error) ? await exchange(call, asked) : connectionFailure(error, deadline)
  } finally {
    deadline.rest()
  }
  const { response, body } = answered
  const { status } = response
  if (notices) {
    const head = { protocol, url, requestId: requestIdOf(response), attempt }
    tell(observers.onResponse, () => notices.responseNotice(head, response, key))
  }
  const refused: RefusedRequest = { codec, url, model: call.model, key, response }

  if (!response.ok) {
    // Where a redirect points stands in its head.
    if (status < 400) await body.cancel()
    const reason = await readReason(body)
    deadline.signal.throwIfAborted()
    return refuse({ status, body: reason }, refused)
  }

  redirects.answered()
  try {
    const { first, rest } = await beginAnswer(answered, { codec, reader })
    if (!first) throw new DualscopeError('incomplete', 'The answer ended before it began')
    const { chunks, refusal, failure } = first
    if (failure && chunks.length === 0) throw failure.error
    if (chunks.length > 0 || !refusal) {
      const [chunk] = chunks
      // For answers whose body has none.
      if (chunk && chunk.requestId === undefined) chunks[0] = { ...chunk, requestId: requestIdOf(response) }
      return {
        first,
        rest,
        refuse: async (later) => (await refuse(later, refused)).error,
        close: body.cancel,
      }
    }
    await body.cancel()
    return await refuse(refusal, refused)
  } catch (error) {
    await body.cancel()
    return connectionFailure(error, deadline)
  }
}

/** The body as it is sent; only `extra` can hold what is no JSON. */
function asJson(body: WireRequest['body']): string {
  try {
    return JSON.stringify(body)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DualscopeError('validation', `extra: cannot be written as JSON: ${reason}`)
  }
}

/** A connection that broke before the first chunk may hold the next time; anything else is thrown on. */
function connectionFailure(error: unknown, { signal }: Deadline): ExchangeFailure {
  signal.throwIfAborted()
  const broken = error instanceof DualscopeError && (error.code === 'connection' || error.code === 'incomplete')
  if (!broken) throw error
  return { error, retries: Infinity }
}
