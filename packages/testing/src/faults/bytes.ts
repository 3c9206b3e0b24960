/** The writes of a body. */
export type ByteStream = AsyncIterable<Uint8Array>

const encoder = new TextEncoder()

/** Encodes a text as UTF-8. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

/** Joins pieces of bytes. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** Waits `ms`, or forever without a time. Rejects with the reason of the signal when it is aborted. */
export function wait(ms: number | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const timer = ms === undefined ? undefined : setTimeout(done, ms)
    function done() {
      signal.removeEventListener('abort', abort)
      resolve()
    }
    function abort() {
      clearTimeout(timer)
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
  })
}

/** Yields each write after `latency` ms. */
export async function* paced(
  writes: readonly Uint8Array<ArrayBuffer>[],
  latency: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  for (const write of writes) {
    if (latency > 0) await wait(latency, signal)
    yield write
  }
}
