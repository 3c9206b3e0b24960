import { parseJson } from '@dualscope/core/wire'

import { type ByteStream, concat } from './bytes.ts'

const lineFeed = 10
const carriageReturn = 13

/** Creates a function that takes byte after byte, and returns whether one ends a frame: a blank line, with or without CR. */
export function scanFrames(): (byte: number | undefined) => boolean {
  let isLineEmpty = false
  return (byte) => {
    const ends = byte === lineFeed && isLineEmpty
    isLineEmpty = byte === lineFeed ? !ends : byte === carriageReturn && isLineEmpty
    return ends
  }
}

/** Cuts bytes after each blank line. The rest after the last one is a frame of its own. */
export function cutFrames(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[] {
  const endsFrame = scanFrames()
  const found: Uint8Array<ArrayBuffer>[] = []
  let start = 0
  for (let at = 0; at < bytes.length; at += 1) {
    if (!endsFrame(bytes[at])) continue
    found.push(bytes.subarray(start, at + 1))
    start = at + 1
  }
  if (start < bytes.length) found.push(bytes.subarray(start))
  return found
}

/** Cuts a body after each blank line. The end of the body ends the last frame. */
export async function* frames(body: ByteStream): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  let held: Uint8Array[] = []
  const endsFrame = scanFrames()
  for await (const bytes of body) {
    let start = 0
    for (let at = 0; at < bytes.length; at += 1) {
      if (!endsFrame(bytes[at])) continue
      yield concat([...held, bytes.subarray(start, at + 1)])
      held = []
      start = at + 1
    }
    if (start < bytes.length) held.push(bytes.subarray(start))
  }
  if (held.length > 0) yield concat(held)
}

/** The content of a frame: of an event, or of a whole JSON body. */
export interface FrameContent {
  /** The name of the event; empty without one. */
  event: string
  /** The data as text; empty for a comment or a blank line. */
  text: string
  /** Its JSON values; undefined for each that is not JSON. Native events may come without blank lines between them. */
  values: readonly unknown[]
}

/** Reads a frame. */
export function readFrame(frame: Uint8Array): FrameContent {
  const lines = new TextDecoder().decode(frame).split(/\r?\n/)
  const field = (name: string) => lines.flatMap((line) => (line.startsWith(name) ? [line.slice(name.length)] : []))
  const data = field('data:')
  const text = (data.length > 0 ? data : lines.filter((line) => !isField(line))).join('\n').trim()
  const event = field('event:')[0]?.trim() ?? ''
  if (text === '') return { event, text, values: [] }
  const value = parseJson(text)
  return { event, text, values: value === undefined && data.length > 1 ? data.map(parseJson) : [value] }
}

/** Whether a line is a field of an event, or a comment. */
function isField(line: string): boolean {
  return /^(id|event|retry)?:/.test(line)
}
