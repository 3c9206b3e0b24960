import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'

/** A line of a file. */
export interface Line {
  /** The number of the line, from 1. */
  number: number
  /** Empty if the line is too long. */
  text: string
  /** The reason why the text cannot be used. */
  problem: string | undefined
  /** Whether a line break follows. */
  isWhole: boolean
  /** Bytes of the file up to the end of this line. */
  end: number
}

/** The longest line, in bytes: a request with a few images as data URLs fits. */
const longest = 64 * 1024 * 1024
const lineBreak = 0x0a

/**
 * Reads the lines of UTF-8 text, from a file by its path or from a stream, as they are needed. JSON may hold other line
 * separators, so only LF ends a line. Lines of more than 64 MiB are skipped, so memory is bounded.
 */
export async function* readLines(source: string | AsyncIterable<Uint8Array>): AsyncGenerator<Line, void, undefined> {
  const chunks: AsyncIterable<Uint8Array> = typeof source === 'string' ? createReadStream(source) : source
  let pieces: Uint8Array[] = []
  let length = 0
  let number = 0
  let end = 0

  function add(piece: Uint8Array): void {
    length += piece.length
    if (length <= longest) pieces.push(piece)
    else pieces = []
  }

  function takeLine(isWhole: boolean): Line {
    const bytes = Buffer.concat(pieces)
    const problem = length > longest ? 'it is longer than 64 MiB' : isUtf8(bytes) ? undefined : 'it is not UTF-8'
    end += length + (isWhole ? 1 : 0)
    number += 1
    pieces = []
    length = 0
    const text = bytes.toString('utf8')
    return { number, text: number === 1 ? text.replace(/^\uFEFF/, '') : text, problem, isWhole, end }
  }

  for await (const chunk of chunks) {
    let start = 0
    for (let index = chunk.indexOf(lineBreak); index !== -1; index = chunk.indexOf(lineBreak, start)) {
      add(chunk.subarray(start, index))
      start = index + 1
      yield takeLine(true)
    }
    if (start < chunk.length) add(chunk.subarray(start))
  }
  if (length > 0) yield takeLine(false)
}
