import { DualscopeError } from './errors.ts'

/** The body of an answer as text, read piece by piece. */
export interface BodyReader {
  /** The next piece, never empty; undefined at the end. */
  read: () => Promise<string | undefined>
  /** Closes the connection if the end has not come; never rejects. */
  cancel: () => Promise<void>
}

/** Reads a body as UTF-8; a character that was cut between two reads comes whole. */
export function readBody(body: ReadableStream<Uint8Array> | null): BodyReader {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let ended = reader === undefined
  return {
    async read() {
      while (reader && !ended) {
        const { done, value } = await reader.read()
        ended = done
        const text = done ? decoder.decode() : decoder.decode(value, { stream: true })
        if (text !== '') return text
      }
      return undefined
    },
    async cancel() {
      // A body that failed rejects here with what its read has said already.
      if (!ended) await reader?.cancel().catch(() => undefined)
    },
  }
}

const longestText = 64 * 1024 * 1024

/** The rest of a body as one text, up to 64 Mi characters: more is a `protocol` error instead of an exhausted memory. */
export async function readAll(read: () => Promise<string | undefined>, start: string): Promise<string> {
  const pieces = [start]
  let length = start.length
  for (let piece = await read(); piece !== undefined; piece = await read()) {
    length += piece.length
    if (length > longestText) throw new DualscopeError('protocol', 'The answer is longer than 64 MiB')
    pieces.push(piece)
  }
  return pieces.join('')
}
