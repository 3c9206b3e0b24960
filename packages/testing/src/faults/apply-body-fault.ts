import { BrokenConnection } from './broken-connection.ts'
import { type ByteStream, bytesOf, concat, wait } from './bytes.ts'
import type { BodyFault } from './faults.ts'
import { frames, scanFrames } from './frames.ts'
import { countTo, type Place } from './place.ts'

const lineFeed = 10
const carriageReturn = 13

async function* split(body: ByteStream, size: number) {
  for await (const bytes of body) {
    for (let at = 0; at < bytes.length; at += Math.max(size, 1)) yield bytes.slice(at, at + Math.max(size, 1))
  }
}

async function* splitCharacters(body: ByteStream) {
  for await (const bytes of body) {
    let start = 0
    // A byte of the form 10xxxxxx continues a character.
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

/** Passes a body on, write by write, and reports after which bytes the place comes. Throws if the body ends before it. */
async function* reach(body: ByteStream, place: Place): AsyncGenerator<[Uint8Array, boolean]> {
  let isPast = place === 0
  if (isPast) yield [new Uint8Array(0), true]
  const writes =
    typeof place === 'object' && 'bytes' in place ? reachByte(body, place.bytes) : reachFrame(body, countTo(place))
  for await (const write of writes) {
    isPast ||= write[1]
    yield write
  }
  // A test would pass without its fault.
  if (!isPast) throw new RangeError(`The body ended before the place of the fault, ${JSON.stringify(place)}`)
}

async function* reachByte(body: ByteStream, count: number): AsyncGenerator<[Uint8Array, boolean]> {
  let left = count
  for await (const bytes of body) {
    const isHere = left > 0 && left <= bytes.length
    if (isHere) yield [bytes.slice(0, left), true]
    if (!isHere || left < bytes.length) yield [isHere ? bytes.slice(left) : bytes, false]
    left -= bytes.length
  }
}

async function* reachFrame(
  body: ByteStream,
  isReached: (frame: Uint8Array) => boolean,
): AsyncGenerator<[Uint8Array, boolean]> {
  let held: Uint8Array[] = []
  const endsFrame = scanFrames()
  for await (const bytes of body) {
    let passed = 0
    let start = 0
    for (let at = 0; at < bytes.length; at += 1) {
      if (!endsFrame(bytes[at])) continue
      const frame = concat([...held, bytes.subarray(start, at + 1)])
      held = []
      start = at + 1
      if (!isReached(frame)) continue
      yield [bytes.slice(passed, start), true]
      passed = start
    }
    held.push(bytes.subarray(start))
    if (passed < bytes.length) yield [bytes.slice(passed), false]
  }
  if (held.some(({ length }) => length > 0) && isReached(concat(held))) yield [new Uint8Array(0), true]
}

async function* end(body: ByteStream, place: Place) {
  for await (const [bytes, isReached] of reach(body, place)) {
    if (bytes.length > 0) yield bytes
    if (isReached) return
  }
}

async function* reset(body: ByteStream, place: Place) {
  for await (const [bytes, isReached] of reach(body, place)) {
    if (bytes.length > 0) yield bytes
    if (isReached) break
  }
  // The error of Node for a connection that breaks inside a body.
  throw new BrokenConnection('terminated')
}

async function* stall(body: ByteStream, place: Place, ms: number | undefined, signal: AbortSignal) {
  for await (const [bytes, isReached] of reach(body, place)) {
    if (bytes.length > 0) yield bytes
    if (isReached) await wait(ms, signal)
  }
}

/**
 * Applies a fault to a body. A `RangeError` ends a body that does not have the place of the fault.
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
      return end(body, fault.after)
    case 'reset':
      return reset(body, fault.after)
    case 'stall':
      return stall(body, fault.after, fault.ms, signal)
  }
}
