import ky from 'ky'

import { abortable } from '../async/abort.ts'
import { DualscopeError } from '../errors.ts'
import { isJsonObject } from '../json.ts'
import { redactUrl } from '../redact.ts'

/** One HTTP request. */
export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | undefined
  signal: AbortSignal
  fetch: typeof globalThis.fetch
}

/**
 * Sends a request and resolves with the head of the response, whatever its status. Throws `connection` if that fails, and
 * the signal's reason if it aborts. Retries, statuses and redirects are decided where the response is understood.
 */
export async function send({ method, url, headers, body, signal, fetch }: HttpRequest): Promise<Response> {
  const responding = ky(url, {
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    signal,
    redirect: 'manual',
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // ky calls it as a method of its options, which browsers and workerd refuse for their own.
    fetch: async (input, init) => requireResponse(await fetch(input, init)),
  })
  return settle(responding, url, signal)
}

/** Waits for a response. Closes one that arrives after an abort, from a `fetch` that ignores its signal. */
export async function settle(responding: Promise<Response>, url: string, signal: AbortSignal): Promise<Response> {
  let response: Response
  try {
    response = await abortable(responding, signal)
  } catch (error) {
    void responding.then(
      (late: Response | undefined) => late?.body?.cancel(),
      () => undefined,
    )
    signal.throwIfAborted()
    if (error instanceof DualscopeError) throw error
    throw connectionError(`Could not reach ${redactUrl(url)}`, error)
  }
  requireResponse(response)
  if (response.type !== 'error') return response
  throw new DualscopeError('connection', `Could not reach ${redactUrl(url)}`)
}

/** A custom `fetch` may resolve with anything. ky would take its mistake for one of the network. */
function requireResponse(response: Response): Response {
  const { status, headers }: Partial<Record<keyof Response, unknown>> = isJsonObject(response) ? response : {}
  const isReadable = isJsonObject(headers) && typeof headers['get'] === 'function'
  if (typeof status === 'number' && isReadable) return response
  throw new DualscopeError('configuration', 'fetch: must resolve with a Response')
}

// Node's `fetch` answers a 407 with an error without words.
const noReason = 'the runtime gives no reason; a proxy that asks for credentials (407) is one'

/** Creates a `connection` error from whatever a `fetch` or a body threw. */
export function connectionError(message: string, error: unknown): DualscopeError {
  const cause = innermost(error)
  if (!(cause instanceof Error)) return new DualscopeError('connection', message)
  const plain = plainError(cause)
  return new DualscopeError('connection', `${message}: ${plain.message || plain.code || noReason}`, { cause: plain })
}

function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error
}

/** Copies only the words of a network error: a `fetch` may attach the request to it, and with it the key. */
function plainError(error: Error): Error & { code?: string } {
  const plain: Error & { code?: string } = new Error(error.message)
  plain.name = error.name
  if ('code' in error && typeof error.code === 'string') plain.code = error.code
  return plain
}
