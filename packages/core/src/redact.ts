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

/** The texts that no message may show: the key, and any other credential of the caller. */
export type Secrets = readonly string[]

/** Removes secrets from a text, also where an ellipsis has cut them. */
export function redactSecrets(text: string, secrets: Secrets): string {
  let redacted = text
  for (const secret of secrets) {
    for (let length = secret.length; length >= shortestKey; length -= 1) {
      const piece = secret.slice(0, length)
      redacted = redacted.replaceAll(length === secret.length ? piece : `${piece}…`, placeholder)
    }
  }
  return redacted
}

/** Removes secrets from an error of this library: the words of the service or of the network may contain them. */
export function redactError<T>(error: T, secrets: Secrets): T {
  if (!(error instanceof DualscopeError)) return error
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    const { message, stack, name } = inner
    const redacted = redactSecrets(message, secrets)
    if (redacted !== message) {
      inner.message = redacted
      // The stack begins with the message.
      if (stack !== undefined) inner.stack = redactSecrets(stack, secrets)
    }
    if (inner === error) continue
    if (redactSecrets(name, secrets) !== name) inner.name = placeholder
    const code: unknown = Reflect.get(inner, 'code')
    if (typeof code === 'string' && redactSecrets(code, secrets) !== code) Reflect.set(inner, 'code', placeholder)
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

/** Cuts a text to a length. The ellipsis also lets `redactSecrets` recognise a key that is cut there. */
export function truncate(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text
}
