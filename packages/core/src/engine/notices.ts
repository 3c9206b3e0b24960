import { isJsonObject } from '../json.ts'
import type { RequestNotice, ResponseNotice } from '../observe.ts'
import { placeholder, redactKey, redactUrl } from '../redact.ts'
import { shortenDataUrls } from './shorten-data-urls.ts'

/** What observers are told of a request: a deep copy without the key, and with long data URLs shortened. */
export function requestNotice(request: RequestNotice, key: string): RequestNotice {
  const { headers, url } = request
  return redacted({ ...request, url: redactUrl(url), headers: redactHeaders(headers) }, key)
}

/** What observers are told of the head of an answer, likewise. */
export function responseNotice(
  answer: Pick<ResponseNotice, 'protocol' | 'url' | 'requestId' | 'attempt'>,
  { status, headers }: Response,
  key: string,
): ResponseNotice {
  const shown = redactHeaders(Object.fromEntries(headers))
  return redacted({ ...answer, url: redactUrl(answer.url), status, headers: shown }, key)
}

/** Headers without what authorises. */
function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /auth|cookie|key|token|secret/i.test(name) ? placeholder : value,
    ]),
  )
}

function redacted<T extends object>(notice: T, key: string): T {
  // A copy of the same shape.
  return redactJson(notice, key) as T
}

function redactJson(value: unknown, key: string): unknown {
  if (typeof value === 'string') return redactKey(value.startsWith('data:') ? shortenDataUrls(value) : value, key)
  if (Array.isArray(value)) return value.map((inner) => redactJson(inner, key))
  if (!isJsonObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [redactKey(name, key), redactJson(inner, key)]),
  )
}
