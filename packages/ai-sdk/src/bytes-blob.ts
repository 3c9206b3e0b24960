interface HashedBlob {
  blob: Blob
  hash: string
}

// Smaller files go inline, where hashing them saves nothing.
const worthHashing = 1024 * 1024

const blobs = new WeakMap<Uint8Array, HashedBlob>()

/**
 * Returns bytes as a Blob, the same one for the same bytes: a file is then uploaded once and not with every step of an agent.
 * The hash shows whether the caller has changed the bytes since.
 */
export async function toBlob(bytes: Uint8Array, type: string): Promise<Blob> {
  const copy = new Uint8Array(bytes)
  // Pages without https have no `subtle`.
  const subtle: SubtleCrypto | undefined = crypto.subtle
  if (copy.length < worthHashing || subtle === undefined) return new Blob([copy], { type })
  const hash = new Uint8Array(await subtle.digest('SHA-256', copy)).join()
  const known = blobs.get(bytes)
  if (known?.hash === hash && known.blob.type === type) return known.blob
  const blob = new Blob([copy], { type })
  blobs.set(bytes, { blob, hash })
  return blob
}
