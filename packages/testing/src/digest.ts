/** A picture, a video or a sound that was sent: a URL, or a digest of the bytes of a data URL. */
export interface MockSource {
  /** As it was sent; a data URL of more than 1,024 characters ends in its size and digest instead of its bytes. */
  url: string
  /** Of a data URL. */
  mediaType?: string | undefined
  /** The size of what a data URL holds. */
  bytes?: number | undefined
  /** The SHA-256 of what a data URL holds, in hexadecimal. */
  sha256?: string | undefined
}

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

/** Reads a URL of a medium; the bytes of a data URL longer than `kept` characters become their size and digest. */
export async function digestUrl(url: string, kept = longestKept): Promise<MockSource> {
  const comma = url.indexOf(',')
  if (!/^data:/i.test(url) || comma === -1) return { url }
  const [mediaType = '', ...flags] = url.slice(5, comma).split(';')
  const bytes = decode(url.slice(comma + 1), flags.at(-1)?.toLowerCase() === 'base64')
  const sha256 = hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const short = `${url.slice(0, comma)},(${bytes.length} bytes, sha256 ${sha256})`
  return { url: url.length > kept ? short : url, mediaType, bytes: bytes.length, sha256 }
}

/** Copies a JSON value with every data URL longer than `kept` characters replaced by its size and digest. */
export async function digestJson(value: unknown, kept = longestKept): Promise<unknown> {
  if (typeof value === 'string') return value.length > kept ? (await digestUrl(value, kept)).url : value
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    for (const each of value) copy.push(await digestJson(each, kept))
    return copy
  }
  if (typeof value !== 'object' || value === null) return value
  const copy: [string, unknown][] = []
  for (const [key, each] of Object.entries(value)) copy.push([key, await digestJson(each, kept)])
  return Object.fromEntries(copy)
}
