import ky from 'ky'

import { createBodyReader, type BodyReader } from './body.ts'
import { connectionError } from './connection-error.ts'
import type { Deadline } from './deadline.ts'
import { redactUrl } from '../redact.ts'
import type { RedirectMode } from '../engine/redirects.ts'

/** One HTTP exchange. */
export interface HttpRequest {
  method: 'GET' | 'POST'
  url: string
  headers: Record<string, string>
  body?: string | Blob | undefined
  /** 'error' makes a redirect fail the request like a broken connection. @default 'manual': it is the answer */
  redirect?: RedirectMode | undefined
  deadline: Deadline
  fetch: typeof globalThis.fetch
}

/** The head of an answer, and its body, which is being read. */
export interface HttpAnswer {
  response: Response
  body: BodyReader
}

/** Sends a request and waits for the head of the answer, whatever its status. What fails on the way is `connection`. */
export function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const { method, url, headers, redirect = 'manual', deadline, fetch } = request
  const { signal } = deadline
  // Retries are decided where the answer is understood; statuses too; redirects could carry the key elsewhere.
  const init: RequestInit = { method, headers, body: request.body ?? null, signal, redirect }
  // The Fetch standard copies no body that neither a redirect nor a prompt for credentials can ask for again.
  if (redirect === 'error') init.window = null
  const body = createBodyReader(deadline)
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const abort = () => reject(signal.reason)
  if (signal.aborted) {
    abort()
    return promise
  }
  // For a `fetch` that does not listen to its signal.
  signal.addEventListener('abort', abort, { once: true })
  ky(url, {
    method,
    headers,
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    // ky would hand over a Request; fetch takes the parts without making them into one a second time. With hooks and
    // statuses left to us, ky makes the same answer of it, later, which is not waited for.
    async fetch() {
      const response = await fetch(url, init)
      // An answer that comes after an abort is closed by this.
      body.open(response.body)
      resolve({ response, body })
      return response
    },
  }).catch((error: unknown) => reject(connectionError(`Could not reach ${redactUrl(url)}`, error)))
  return promise
}
