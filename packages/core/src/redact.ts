import { DualscopeError } from './errors.ts'

/** Stands where something was taken out. */
export const placeholder = '[redacted]'

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
