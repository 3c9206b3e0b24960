import type { DualscopeError } from './errors.ts'
import { isJsonObject } from './json.ts'
import { placeholder, redactSecrets, redactUrl, shortenDataUrls, type Secrets } from './redact.ts'
import type { UnsupportedField } from './request/prepared.ts'

/** The request of an attempt, without the key and with shortened media. */
export interface RequestNotice {
  protocol: string
  method: string
  url: string
  headers: Record<string, string>
  body: unknown
  /** 1 for the first. */
  attempt: number
}

/** The head of the response to an attempt. */
export interface ResponseNotice {
  protocol: string
  url: string
  status: number
  headers: Record<string, string>
  requestId: string | undefined
  attempt: number
}

/** An attempt failed and another follows. */
export interface RetryNotice {
  protocol: string
  /** The attempt that failed. */
  attempt: number
  error: DualscopeError
  /** ms until the next attempt. */
  delay: number
}

/** A field was left out because of `unsupported: 'drop'`. */
export interface DropNotice extends UnsupportedField {
  protocol: string
}

/**
 * Observers receive redacted copies and cannot change anything: what they return is ignored, and what they throw is printed
 * as a warning. To change a call, wrap the transport.
 */
export interface Observers {
  /** Called before each attempt is sent. */
  onRequest?: ((notice: RequestNotice) => void) | undefined
  /** Called when the head of a response has arrived. */
  onResponse?: ((notice: ResponseNotice) => void) | undefined
  /** Called when an attempt failed and another follows. */
  onRetry?: ((notice: RetryNotice) => void) | undefined
  /** Called for each field that `unsupported: 'drop'` left out. */
  onDrop?: ((notice: DropNotice) => void) | undefined
}

/** Joins the observers of a transport with those of a call: each notice goes to both. */
export function joinObservers(transport: Observers, call: Observers): Observers {
  return {
    onRequest: joinObserver(transport.onRequest, call.onRequest),
    onResponse: joinObserver(transport.onResponse, call.onResponse),
    onRetry: joinObserver(transport.onRetry, call.onRetry),
    onDrop: joinObserver(transport.onDrop, call.onDrop),
  }
}

type Observer<T> = ((notice: T) => void) | undefined

function joinObserver<T>(first: Observer<T>, second: Observer<T>): Observer<T> {
  if (!first || !second) return first ?? second
  return (notice) => {
    notify(first, () => notice)
    notify(second, () => notice)
  }
}

/**
 * Calls an observer if there is one; the notice is created only then. What it throws or rejects with is printed as a warning. For
 * transports that retry calls themselves.
 */
export function notify<T>(observer: ((notice: T) => unknown) | undefined, createNotice: () => T): void {
  if (!observer) return
  try {
    Promise.resolve(observer(createNotice())).catch(warnObserverError)
  } catch (error) {
    warnObserverError(error)
  }
}

function warnObserverError(error: unknown): void {
  // oxlint-disable-next-line no-console -- it must not fail the call, and it must not go unseen
  console.warn('dualscope: an observer threw', error)
}

/** Copies a request for observers, without the key and with shortened data URLs. */
export function requestNotice(request: RequestNotice, secrets: Secrets): RequestNotice {
  const { headers, url } = request
  return redact({ ...request, url: redactUrl(url), headers: redactHeaders(headers) }, secrets)
}

/** Copies the head of a response for observers, redacted likewise. */
export function responseNotice(
  answer: Pick<ResponseNotice, 'protocol' | 'url' | 'requestId' | 'attempt'>,
  { status, headers }: Response,
  secrets: Secrets,
): ResponseNotice {
  const shown = redactHeaders(Object.fromEntries(headers))
  return redact({ ...answer, url: redactUrl(answer.url), status, headers: shown }, secrets)
}

function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /auth|cookie|key|token|secret/i.test(name) ? placeholder : value,
    ]),
  )
}

function redact<T extends object>(notice: T, secrets: Secrets): T {
  // A copy of the same shape.
  return redactJson(notice, secrets) as T
}

function redactJson(value: unknown, secrets: Secrets): unknown {
  if (typeof value === 'string')
    return redactSecrets(value.startsWith('data:') ? shortenDataUrls(value) : value, secrets)
  if (Array.isArray(value)) return value.map((inner) => redactJson(inner, secrets))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [redactSecrets(name, secrets), redactJson(inner, secrets)]),
  )
}
