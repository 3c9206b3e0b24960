import ky from 'ky'

import { DualscopeError } from './errors.ts'
import { redactUrl } from './redact.ts'

/** One HTTP exchange. */
export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | FormData | undefined
  /** 'error' makes a redirect fail the request like a broken connection. @default 'manual': it is the answer */
  redirect?: 'manual' | 'error' | undefined
  signal: AbortSignal
  fetch: typeof globalThis.fetch
}

/** Sends a request and waits for the head of the answer, whatever its status. What fails on the way is `connection`. */
export async function sendHttp(request: HttpRequest): Promise<Response> {
  const { method, url, headers, body, redirect = 'manual', signal, fetch } = request
  // Retries are decided where the answer is understood; statuses too; redirects could carry the key elsewhere.
  const init: RequestInit = { method, headers, body: body ?? null, signal, redirect }
  // The Fetch standard copies no body that neither a redirect nor a prompt for credentials can ask for again.
  if (redirect === 'error') init.window = null
  const answer = ky(url, {
    method,
    headers,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // ky would hand over a Request; fetch takes the parts without making them into one a second time.
    fetch: () => fetch(url, init),
  })
  try {
    return await unlessAborted(answer, signal)
  } catch (error) {
    signal.throwIfAborted()
    throw connectionError(`Could not reach ${redactUrl(url)}`, error)
  }
}

/** An answer that points elsewhere: nothing is sent there. */
export function redirectError(response: Response, url: string): DualscopeError | undefined {
  if (response.type !== 'opaqueredirect' && (response.status < 300 || response.status > 399)) return undefined
  const location = response.headers.get('location') ?? ''
  const target = URL.canParse(location, url) ? new URL(location, url).origin : 'an address that it does not tell'
  return new DualscopeError('connection', `${redactUrl(url)} redirects to ${target}; redirects are not followed`)
}

/**
 * The way there or back broke. The cause is the innermost network error alone: the errors around it may hold the
 * request, and with it the key.
 */
export function connectionError(message: string, error: unknown): DualscopeError {
  const cause = innermost(error)
  const reason =
    cause instanceof Error ? `: ${cause.message || ('code' in cause ? String(cause.code) : cause.name)}` : ''
  return new DualscopeError('connection', `${message}${reason}`, { cause })
}

function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors[0])
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error
}

/** For a `fetch` that does not listen to its signal: an answer that comes too late is closed. */
async function unlessAborted(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([answer, aborted])
  } catch (error) {
    answer.then((late) => late.body?.cancel()).catch(() => undefined)
    throw error
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
  }
}
