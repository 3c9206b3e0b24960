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
