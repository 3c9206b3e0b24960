const none = new Uint8Array()

/** Returns the bytes at the end of a piece that begin a character; `before` is what the piece before has left so. */
export function incompleteTail(before: Uint8Array, piece: Uint8Array): Uint8Array {
  const bytes = piece.length < 3 ? join(before, piece) : piece
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return none
    // A leading byte says how many bytes its character has.
    if (byte >= 0xc0) return sizeOf(byte) > back ? bytes.slice(-back) : none
  }
  return none
}

function join(before: Uint8Array, piece: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(before.length + piece.length)
  bytes.set(before)
  bytes.set(piece, before.length)
  return bytes
}

function sizeOf(leading: number): number {
  if (leading >= 0xf0) return 4
  return leading >= 0xe0 ? 3 : 2
}

/** Decodes the text before the first invalid byte; `before` is what the piece before has left incomplete. */
export function decodeValidPrefix(before: Uint8Array, piece: Uint8Array): string {
  const all = join(before, piece)
  // Every beginning of a valid text is valid, so the boundary can be found by halving.
  let valid = 0
  let invalid = all.length
  while (invalid - valid > 1) {
    const middle = Math.floor((valid + invalid) / 2)
    if (decodeIfValid(all.subarray(0, middle)) === undefined) invalid = middle
    else valid = middle
  }
  return decodeIfValid(all.subarray(0, valid)) ?? ''
}

function decodeIfValid(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
  } catch {
    return undefined
  }
}
