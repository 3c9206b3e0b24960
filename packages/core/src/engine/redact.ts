import { DualscopeError } from '../errors.ts'
import { isJsonObject } from '../json.ts'

const placeholder = '[redacted]'

/** A URL without credentials, query and fragment; for messages and observers. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return placeholder
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

// Shorter ones are no secret, and taking them out would tear words apart.
const shortestKey = 6

/** A text in which the key may stand, without it, also where an ellipsis has cut it. */
export function redactKey(text: string, key: string): string {
  let redacted = text
  for (let length = key.length; length >= shortestKey; length -= 1) {
    const piece = key.slice(0, length)
    redacted = redacted.replaceAll(length === key.length ? piece : `${piece}…`, placeholder)
  }
  return redacted
}

/** An error of this library without the key, which the words of the service or of the network may have brought in. */
export function redactError<T>(error: T, key: string): T {
  if (!(error instanceof DualscopeError)) return error
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { message, stack } = inner
    const redacted = redactKey(message, key)
    if (redacted === message) continue
    inner.message = redacted
    // It begins with the message.
    if (stack !== undefined) inner.stack = redactKey(stack, key)
  }
  return error
}

/** Headers without what authorises. */
export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      /auth|cookie|key|token|secret/i.test(name) ? placeholder : value,
    ]),
  )
}

/** A text in which data URLs are shortened. */
export function shortenDataUrls(text: string): string {
  return text.replaceAll(
    /data:[\w.+/-]*[;,][^\s"'<>]{100,}/g,
    (url) => `${url.slice(0, 60)}… (${url.length} characters)`,
  )
}

/** A deep copy of a notice without the key, and with long data URLs shortened. */
export function redactNotice<T extends object>(notice: T, key: string): T {
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
