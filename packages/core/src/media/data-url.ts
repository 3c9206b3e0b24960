// A multiple of 3, so that the Base64 of the pieces joins into that of the whole.
const pieceSize = 3 * 8192

/** Returns the length of the data URL for a number of bytes. */
export function dataUrlLength(type: string, size: number): number {
  return prefix(type).length + 4 * Math.ceil(size / 3)
}

/** Writes bytes as a data URL. They are read and encoded piece by piece, so that only the URL is held in memory. */
export async function toDataUrl(blob: Blob, type: string): Promise<string> {
  let url = prefix(type)
  for (let start = 0; start < blob.size; start += pieceSize) {
    const bytes = new Uint8Array(await blob.slice(start, start + pieceSize).arrayBuffer())
    url += btoa(String.fromCharCode(...bytes))
  }
  return url
}

function prefix(type: string): string {
  return `data:${type};base64,`
}

/**
 * Reads a `data:` URL into a Blob. What is unambiguous is accepted: URL-safe Base64, line breaks and blanks, an absent type.
 * Returns the reason if it cannot be read, which never repeats the data.
 */
export function readDataUrl(url: string): Blob | string {
  const comma = url.indexOf(',')
  if (comma === -1) return 'is a data: URL without a comma before its data'
  const [type = '', ...parameters] = url
    .slice('data:'.length, comma)
    .split(';')
    .map((part) => part.trim())
  const data = url.slice(comma + 1)
  const isBase64 = parameters.at(-1)?.toLowerCase() === 'base64' || type.toLowerCase() === 'base64'
  const bytes = isBase64 ? decodeBase64(data) : decodePercent(data)
  if (!bytes) return isBase64 ? 'is a data: URL whose data is not Base64' : 'is a data: URL that is not Base64'
  return new Blob([bytes], { type: type.includes('/') ? type : '' })
}

function decodeBase64(data: string): Uint8Array<ArrayBuffer> | undefined {
  const unescaped = data.includes('%') ? (decodeText(data) ?? '') : data
  const plain = unescaped.replaceAll(/\s/g, '').replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (plain === '' || plain.length % 4 === 1 || !/^[A-Za-z0-9+/]+$/.test(plain)) return undefined
  const binary = atob(plain)
  const bytes = new Uint8Array(binary.length)
  // `Uint8Array.from` takes several times as long, which matters for batches of images.
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index)
  return bytes
}

function decodePercent(data: string): Uint8Array<ArrayBuffer> | undefined {
  const text = decodeText(data)
  return text === undefined || text === '' ? undefined : new TextEncoder().encode(text)
}

function decodeText(data: string): string | undefined {
  try {
    return decodeURIComponent(data)
  } catch {
    return undefined
  }
}
