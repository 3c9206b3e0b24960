import { createReadStream } from 'node:fs'
import { basename } from 'node:path'

import type { TextPart } from '@dualscope/core'

import { usageError } from './errors.ts'

/** Bytes. The longest context of the catalogue is about a million tokens. */
const largest = 4 * 1024 * 1024

/** Reads a text file as a part of a message, under its name. */
export async function readTextFile(path: string): Promise<TextPart> {
  return { type: 'text', text: `File ${basename(path)}:\n\n${await readText(path)}` }
}

/** Reads a file of UTF-8 text of at most 4 MiB. */
export async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Both cases have the same advice.
  }
  throw usageError(`${path} is not UTF-8 text.`, 'Pass an image with --image and a video with --video.')
}

async function readBytes(path: string): Promise<Uint8Array> {
  const pieces: Buffer[] = []
  let size = 0
  try {
    // One byte beyond the limit shows a larger file; a pipe has no size of its own.
    for await (const piece of createReadStream(path, { end: largest }) as AsyncIterable<Buffer>) {
      pieces.push(piece)
      size += piece.length
    }
  } catch (error) {
    throw usageError(`Cannot read ${path}: ${(error as Error).message}`, 'Check that the file exists.')
  }
  if (size <= largest) return Buffer.concat(pieces)
  throw usageError(`${path} is larger than 4 MiB.`, 'Pass a part of it: no model reads more.')
}
