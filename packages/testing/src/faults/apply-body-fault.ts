import { type ByteStream, bytesOf, concat, wait } from './bytes.ts'
import type { BodyFault } from './faults.ts'

const lineFeed = 10
const carriageReturn = 13

function isEmptyLine(bytes: Uint8Array, at: number) {
  return (
    bytes[at] === lineFeed &&
    (bytes[at - 1] === lineFeed || (bytes[at - 1] === carriageReturn && bytes[at - 2] === lineFeed))
  )
}

/** Cuts a body after each blank line, however it was written. What no blank line ends is the last frame. */
async function* frames(body: ByteStream) {
  let rest = new Uint8Array(0)
  for await (const bytes of body) {
    rest = concat([rest, bytes])
    let start = 0
    for (let at = 0; at < rest.length; at += 1) {
      if (!isEmptyLine(rest, at)) continue
      yield rest.slice(start, at + 1)
      start = at + 1
    }
    rest = rest.slice(start)
  }
  if (rest.length > 0) yield rest
}

async function* split(body: ByteStream, size: number) {
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length; at += Math.max(size, 1)) yield bytes.slice(at, at + Math.max(size, 1))
  }
}

async function* splitCharacters(body: ByteStream) {
  for await (const bytes of body) {
    let start = 0
    // A byte of the form 10xxxxxx goes on with a character that a byte before it began.
    for (let at = 1; at < bytes.length; at += 1) {
      if ((bytes[at] ?? 0) >> 6 !== 2) continue
      yield bytes.slice(start, at)
      start = at
    }
    if (start < bytes.length) yield bytes.slice(start)
  }
}

async function* mapLines(body: ByteStream) {
  for await (const bytes of body) {
    const parts: Uint8Array[] = []
    let start = 0
    for (let at = 0; at < bytes.length; at += 1) {
      if (bytes[at] !== lineFeed) continue
      parts.push(bytes.slice(start, at), Uint8Array.of(carriageReturn, lineFeed))
      start = at + 1
    }
    yield concat([...parts, bytes.slice(start)])
  }
}

async function* coalesce(body: ByteStream, count: number) {
  let held: Uint8Array[] = []
  for await (const frame of frames(body)) {
    held.push(frame)
    if (held.length < count) continue
    yield concat(held)
    held = []
  }
  if (held.length > 0) yield concat(held)
}

async function* heartbeat(body: ByteStream, every: number, comment: string) {
  let count = 0
  for await (const frame of frames(body)) {
    if (count % every === 0) yield bytesOf(`: ${comment}\n\n`)
    count += 1
    yield frame
  }
}

async function* withoutLastBlankLine(body: ByteStream) {
  let held: Uint8Array<ArrayBuffer> | undefined
  for await (const frame of frames(body)) {
    if (held) yield held
    held = frame
  }
  if (!held) return
  let end = held.length
  while (end > 0 && (held[end - 1] === lineFeed || held[end - 1] === carriageReturn)) end -= 1
  yield held.slice(0, end)
}

async function* withoutDone(body: ByteStream) {
  for await (const frame of frames(body)) {
    if (!/^data: ?\[DONE\]/.test(new TextDecoder().decode(frame))) yield frame
  }
}

async function* prefixed(body: ByteStream, prefix: Uint8Array<ArrayBuffer>) {
  yield prefix
  yield* body
}

async function* take(body: ByteStream, count: number) {
  let left = count
  if (left <= 0) return
  for await (const frame of frames(body)) {
    yield frame
    left -= 1
    if (left <= 0) return
  }
}

async function* reset(body: ByteStream, afterBytes: number) {
  let left = afterBytes
  for await (const bytes of body) {
    if (bytes.length >= left) {
      if (left > 0) yield bytes.slice(0, left)
      // Node's own words for a connection that breaks inside a body.
      throw new TypeError('terminated')
    }
    left -= bytes.length
    yield bytes
  }
  throw new TypeError('terminated')
}

async function* stall(body: ByteStream, after: number, ms: number | undefined, signal: AbortSignal) {
  let count = 0
  if (after <= 0) await wait(ms, signal)
  for await (const frame of frames(body)) {
    yield frame
    count += 1
    if (count === after) await wait(ms, signal)
  }
}

/**
 * Does to a body what a fault says.
 *
 * ```ts
 * const pieces = applyBodyFault(response.body, faults.split(1))
 * ```
 */
export function applyBodyFault(
  body: ByteStream,
  fault: BodyFault,
  signal: AbortSignal = new AbortController().signal,
): ByteStream {
  switch (fault.type) {
    case 'split':
      return split(body, fault.size)
    case 'split-characters':
      return splitCharacters(body)
    case 'crlf':
      return mapLines(body)
    case 'coalesce':
      return coalesce(body, fault.frames ?? Number.POSITIVE_INFINITY)
    case 'heartbeat':
      return heartbeat(body, fault.every ?? 1, fault.comment ?? 'heartbeat')
    case 'no-last-blank-line':
      return withoutLastBlankLine(body)
    case 'no-done':
      return withoutDone(body)
    case 'byte-order-mark':
      return prefixed(body, Uint8Array.of(0xef, 0xbb, 0xbf))
    case 'end':
      return take(body, fault.after)
    case 'reset':
      return reset(body, fault.afterBytes)
    case 'stall':
      return stall(body, fault.after, fault.ms, signal)
  }
}
