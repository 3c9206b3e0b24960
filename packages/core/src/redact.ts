import { DualscopeError } from './errors.ts'

/** Replaces whatever was removed. */
export const placeholder = '[redacted]'

/** Removes credentials, query and fragment from a URL, for messages and observers. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return placeholder
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

// Shorter prefixes are no secret, and removing them would damage ordinary words.
const shortestKey = 6

/** Removes the key from a text, also where an ellipsis has cut it. */
export function redactKey(text: string, key: string): string {
  let redacted = text
  for (let length = key.length; length >= shortestKey; length -= 1) {
    const piece = key.slice(0, length)
    redacted = redacted.replaceAll(length === key.length ? piece : `${piece}…`, placeholder)
  }
  return redacted
}

/** Removes the key from an error of this library: the words of the service or of the network may contain it. */
export function redactError<T>(error: T, key: string): T {
  if (!(error instanceof DualscopeError)) return error
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { message, stack } = inner
    const redacted = redactKey(message, key)
    if (redacted === message) continue
    inner.message = redacted
    // The stack begins with the message.
    if (stack !== undefined) inner.stack = redactKey(stack, key)
  }
  return error
}

/** Shortens the data URLs in a text. */
export function shortenDataUrls(text: string): string {
  return text.replaceAll(
    /data:[\w.+/-]*[;,][^\s"'<>]{100,}/g,
    (url) => `${url.slice(0, 60)}… (${url.length} characters)`,
  )
}

/** Cuts a text to a length. The ellipsis also lets `redactKey` recognise a key that is cut there. */
export function truncate(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
