import { isJsonObject } from './json.ts'

const placeholder = '[redacted]'

/** A URL without credentials, query and fragment; for messages and observers. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return url.replace(/\/\/[^/@]*@/, `//${placeholder}@`).replace(/[?#].*$/s, '')
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** A text in which the key may stand, without it. */
export function redactKey(text: string, key: string): string {
  return text.replaceAll(key, placeholder)
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

/** A deep copy of JSON in which long data URLs are shortened. */
export function shortenMedia(value: unknown): unknown {
  if (typeof value === 'string') {
    return value.startsWith('data:') && value.length > 100
      ? `${value.slice(0, 60)}… (${value.length} characters)`
      : value
  }
  if (Array.isArray(value)) return value.map(shortenMedia)
  if (!isJsonObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shortenMedia(inner)]))
}
