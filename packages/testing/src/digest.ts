/** A source of a medium in a request: a URL, or the size and digest of a data URL. */
export interface MockSource {
  /** The URL of the request; a data URL of more than 1,024 characters ends with its size and digest instead of its bytes. */
  url: string
  /** Of a data URL. */
  mediaType?: string | undefined
  /** The decoded size of a data URL. */
  bytes?: number | undefined
  /** The SHA-256 of the decoded bytes of a data URL, in hexadecimal. */
  sha256?: string | undefined
}

/** The longest data URL that is kept whole, in characters. */
const longestKept = 1024

// Strict, because a prompt may begin with "data:" and hold a comma.
const dataUrlHead = /^data:(?:[\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+(?:=[^;,\s]*)?)*,/i

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
    // Invalid Base64 is digested as text.
    return new TextEncoder().encode(data)
  }
}

/** Copies a text: an engine may keep the whole text alive for a slice of it, here megabytes for a few characters. */
function detach(text: string): string {
  return new TextDecoder().decode(new TextEncoder().encode(text))
}

/** Reads the media of one request; each data URL is decoded once. */
export interface Digester {
  /** Reads a URL; the bytes of a long data URL become their size and digest. */
  url: (url: string) => Promise<MockSource>
  /** Copies a JSON value with every long data URL replaced by its size and digest. */
  json: (value: unknown) => Promise<unknown>
}

/** Creates a digester; `kept` is the longest data URL that stays whole, in characters. */
export function createDigester(kept = longestKept): Digester {
  const known = new Map<string, Promise<MockSource>>()

  function readUrl(url: string): Promise<MockSource> {
    const found = known.get(url) ?? digestUrl(url, kept)
    known.set(url, found)
    return found
  }

  async function readJson(value: unknown): Promise<unknown> {
    if (typeof value === 'string') return value.length > kept ? (await readUrl(value)).url : value
    if (Array.isArray(value)) {
      const copy: unknown[] = []
      for (const each of value) copy.push(await readJson(each))
      return copy
    }
    if (typeof value !== 'object' || value === null) return value
    const copy: [string, unknown][] = []
    for (const [key, each] of Object.entries(value)) copy.push([key, await readJson(each)])
    return Object.fromEntries(copy)
  }

  return { url: readUrl, json: readJson }
}

async function digestUrl(url: string, kept: number): Promise<MockSource> {
  const [start] = dataUrlHead.exec(url) ?? []
  if (start === undefined) return { url }
  const head = detach(start.slice(0, -1))
  const [mediaType = '', ...flags] = head.slice('data:'.length).split(';')
  const bytes = decode(url.slice(start.length), flags.at(-1)?.toLowerCase() === 'base64')
  const sha256 = hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  const short = `${head},(${bytes.length} bytes, sha256 ${sha256})`
  return { url: url.length > kept ? short : url, mediaType, bytes: bytes.length, sha256 }
}
