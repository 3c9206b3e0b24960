import { createReadStream } from 'node:fs'

import { DualscopeError } from '@dualscope/core'

/** A line of a file. */
export interface Line {
  /** The first one is 1. */
  number: number
  text: string
  /** Whether a line break follows. */
  isWhole: boolean
  /** Bytes of the file up to the end of this line. */
  end: number
}

/** Bytes. A request with a few images as data URLs fits. */
const longest = 64 * 1024 * 1024
const lineBreak = 0x0a

/** Reads the lines of a UTF-8 file as they are needed. JSON may hold other line separators, so only LF ends a line. */
export async function* readLines(path: string): AsyncGenerator<Line, void, undefined> {
  let pieces: Buffer[] = []
  let length = 0
  let number = 1
  let end = 0
  const takeLine = (isWhole: boolean): Line => {
    const text = Buffer.concat(pieces).toString('utf8')
    pieces = []
    end += length + (isWhole ? 1 : 0)
    length = 0
    return { number: number++, text: number === 2 ? text.replace(/^\uFEFF/, '') : text, isWhole, end }
  }
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0
    for (let index = chunk.indexOf(lineBreak); index !== -1; index = chunk.indexOf(lineBreak, start)) {
      pieces.push(chunk.subarray(start, index))
      length += index - start
      start = index + 1
      yield takeLine(true)
    }
    if (start === chunk.length) continue
    pieces.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > longest) throw new DualscopeError('validation', `${path}:${number}: the line is longer than 64 MiB`)
  }
  if (length > 0) yield takeLine(false)
}
