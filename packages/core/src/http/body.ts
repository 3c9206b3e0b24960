import { connectionError } from './connection-error.ts'
import type { Deadline } from './deadline.ts'
import { DualscopeError } from '../errors.ts'

/** The body of an answer as text, read piece by piece. */
export interface BodyReader {
  /** The body is there; its first read begins at once, while others still look at the head. */
  open: (stream: ReadableStream<Uint8Array> | null) => void
  /**
   * The next piece, never empty; undefined at the end. Its wait counts for the deadline. A body that breaks is an
   * `incomplete` error, and bytes that are no text are a `protocol` error.
   */
  read: () => Promise<string | undefined>
  /**
   * Makes what reads on like `read`, and resolves to what `take` makes of the piece, or `fail` of what broke. A stream has a read
   * for nearly every delta, so that its layers hand down what they do with one, instead of each waiting for the one below:
   * all of them together cost one promise.
   */
  reads: <R>(
    take: (text: string | undefined) => R | Promise<R>,
    fail: (error: unknown) => R | Promise<R>,
  ) => () => Promise<R>
  /** Closes the connection if the end has not come; never rejects. */
  cancel: () => Promise<void>
}

/**
 * Reads a body as UTF-8, until the deadline's signal aborts; a character that was cut between two reads comes whole, and one that
 * the end of the body has cut is left out. A replacement character in its place would be text that was lost in silence.
 *
 * It is made before there is a body: what can be done while the service thinks is not done once it has answered.
 */
export function createBodyReader(deadline: Deadline): BodyReader {
  const { signal } = deadline
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let body: ReadableStream<Uint8Array> | null = null
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  let ended = false
  let ahead: Promise<ReadableStreamReadResult<Uint8Array>> | undefined

  async function firstBytes(stream: ReadableStream<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
    reader = stream.getReader()
    return reader.read()
  }

  function broken(error: unknown): unknown {
    deadline.rest()
    if (signal.aborted) return signal.reason
    const { message, cause } = connectionError('The connection broke before the answer was complete', error)
    return new DualscopeError('incomplete', message, { cause })
  }

  function reads<R>(
    take: (text: string | undefined) => R | Promise<R>,
    fail: (error: unknown) => R | Promise<R>,
  ): () => Promise<R> {
    function next(): Promise<R> {
      if (!body || ended) return atEnd()
      deadline.wait()
      const bytes = ahead ?? (reader ? reader.read() : firstBytes(body))
      ahead = undefined
      return bytes.then(took, broke)
    }

    function took({ done, value }: ReadableStreamReadResult<Uint8Array>): R | Promise<R> {
      deadline.rest()
      if (signal.aborted) return fail(signal.reason)
      ended = done
      if (done) return take(undefined)
      let text: string
      try {
        text = decoder.decode(value, { stream: true })
      } catch {
        return fail(new DualscopeError('protocol', 'The answer holds bytes that are no UTF-8'))
      }
      // It only began a character.
      return text === '' ? next() : take(text)
    }

    const broke = (error: unknown) => fail(broken(error))
    const atEnd = async () => take(undefined)
    return next
  }

  async function cancel(): Promise<void> {
    // A body that failed rejects here with what its read has said already.
    if (!ended) await (reader ?? body)?.cancel().catch(() => undefined)
  }
  // For a body that does not listen to the signal of its request.
  signal.addEventListener('abort', () => void cancel(), { once: true })

  return {
    open(stream) {
      body = stream
      if (signal.aborted) void cancel()
      else if (stream) {
        ahead = firstBytes(stream)
        // Its failure is told by the read that takes it.
        ahead.catch(() => undefined)
      }
    },
    read: reads(asItIs, rethrow),
    reads,
    cancel,
  }
}

function asItIs(text: string | undefined): string | undefined {
  return text
}

function rethrow(error: unknown): never {
  throw error
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

const longestReason = 1024 * 1024

/** What can be read of a refusal, up to 1 Mi characters: the status says enough, so no fault of the body is one here. */
export async function readReason(body: BodyReader): Promise<string> {
  let text = ''
  try {
    for (let piece = await body.read(); piece !== undefined && text.length < longestReason; piece = await body.read()) {
      text += piece
    }
  } catch {
    // Cut, reset, or in another encoding.
  }
  await body.cancel()
  return text
}
