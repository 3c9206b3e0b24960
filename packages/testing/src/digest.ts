import type { MockSource } from './mock/mock-request.ts'

/** The longest data URL that is kept as it came. */
const longestKept = 1024

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function decode(data: string, isBase64: boolean): Uint8Array<ArrayBuffer> {
  if (!isBase64) return new TextEncoder().encode(data)
  try {
    const text = atob(data)
    const bytes = new Uint8Array(text.length)
    for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at)
    return bytes
  } catch {
    // Not Base64: the text itself is what came.
    return new TextEncoder().encode(data)
  }
}

/** Reads a URL of a medium; the bytes of a data URL become their size and digest. */
export async function digestUrl(url: string): Promise<MockSource> {
  const comma = url.indexOf(',')
  if (!/^data:/i.test(url) || comma === -1) return { url }
  const [mediaType = '', ...flags] = url.slice(5, comma).split(';')
  const bytes = decode(url.slice(comma + 1), flags.at(-1)?.toLowerCase() === 'base64')
  const sha256 = hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const short = `${url.slice(0, comma)},(${bytes.length} bytes, sha256 ${sha256})`
  return { url: url.length > longestKept ? short : url, mediaType, bytes: bytes.length, sha256 }
}

/** Copies a JSON value with every long data URL replaced by its size and digest. */
export async function digestJson(value: unknown): Promise<unknown> {
  if (typeof value === 'string') return value.length > longestKept ? (await digestUrl(value)).url : value
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    for (const each of value) copy.push(await digestJson(each))
    return copy
  }
  if (typeof value !== 'object' || value === null) return value
  const copy: [string, unknown][] = []
  for (const [key, each] of Object.entries(value)) copy.push([key, await digestJson(each)])
  return Object.fromEntries(copy)
}
