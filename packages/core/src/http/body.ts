import { DualscopeError } from '../errors.ts'
import type { Deadline } from './deadline.ts'
import { connectionError } from './send.ts'
import { decodeValidPrefix, incompleteTail } from './utf8.ts'

/** The body of a response as text, read piece by piece. */
export interface BodyReader {
  /**
   * Returns the next piece, never empty, or undefined at the end. The wait counts as idle time of the deadline. Throws
   * `incomplete` if the connection breaks, and `protocol` for invalid UTF-8, after the text before it.
   */
  read(): Promise<string | undefined>
  /** Closes the connection unless the end has come. Never rejects. */
  cancel(): Promise<void>
  /** Reads to the end so that the connection can be used again, or cancels after this many ms. Never rejects. */
  drain(milliseconds: number): Promise<void>
}

/**
 * Reads a body as UTF-8 until the deadline's signal aborts. A character that is cut between two reads comes whole; one that
 * is cut by the end of the body is left out, since a replacement character would hide lost text.
 */
export function createBodyReader(body: unknown, deadline: Deadline): BodyReader {
  const { signal } = deadline
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const reader = readerOf(body)
  let ended = reader === undefined
  let tail: Uint8Array = new Uint8Array()
  let failure: DualscopeError | undefined

  async function readBytes(): Promise<Uint8Array | undefined> {
    signal.throwIfAborted()
    if (ended || !reader) return undefined
    deadline.startWaiting()
    try {
      const { done, value } = await reader.read()
      signal.throwIfAborted()
      ended = done
      return value
    } catch (error) {
      signal.throwIfAborted()
      const { message, cause } = connectionError('The connection broke before the answer was complete', error)
      throw new DualscopeError('incomplete', message, { cause })
    } finally {
      deadline.stopWaiting()
    }
  }

  function decode(bytes: Uint8Array): string {
    try {
      const text = decoder.decode(bytes, { stream: true })
      tail = incompleteTail(tail, bytes)
      return text
    } catch {
      failure = new DualscopeError('protocol', 'The answer holds invalid UTF-8')
      return decodeValidPrefix(tail, bytes)
    }
  }

  async function read(): Promise<string | undefined> {
    for (;;) {
      if (failure) throw failure
      const bytes = await readBytes()
      if (bytes === undefined) return undefined
      const text = decode(bytes)
      // A read may bring only the beginning of a character.
      if (text !== '') return text
    }
  }

  async function cancel(): Promise<void> {
    signal.removeEventListener('abort', onAbort)
    if (ended) return
    ended = true
    // A body that failed rejects here with the error that its read has reported.
    await reader?.cancel().catch(() => undefined)
  }

  async function drain(milliseconds: number): Promise<void> {
    if (ended) return cancel()
    const timer = setTimeout(() => void cancel(), milliseconds)
    try {
      while (!ended) ended = (await reader?.read())?.done ?? true
    } catch {
      // The answer is complete; whatever the connection does now is without meaning.
    } finally {
      clearTimeout(timer)
      await cancel()
    }
  }

  // For a body that ignores the signal of its request.
  function onAbort(): void {
    void cancel()
  }
  signal.addEventListener('abort', onAbort, { once: true })

  return { read, cancel, drain }
}

const longestText = 64 * 1024 * 1024

/** Reads the rest of a body as one text of at most 64 Mi characters. Throws `protocol` beyond that. */
export async function readAll(body: BodyReader, start: string = ''): Promise<string> {
  const pieces = [start]
  let length = start.length
  for (let piece = await body.read(); piece !== undefined; piece = await body.read()) {
    length += piece.length
    if (length > longestText) throw new DualscopeError('protocol', 'The answer is longer than 64 MiB')
    pieces.push(piece)
  }
  return pieces.join('')
}

const longestReason = 1024 * 1024

/** Reads up to 1 Mi characters of an error response and closes it. The status says enough, so a broken body is not an error. */
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

/** The part of a `ReadableStreamDefaultReader` that is used here. */
interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<unknown>
}

/**
 * Returns the reader of a body. A custom `fetch` may have a stream of Node as the body (node-fetch, cross-fetch). Throws
 * `configuration` for a body that cannot be read.
 */
function readerOf(body: unknown): ByteReader | undefined {
  if (body === null || body === undefined) return undefined
  if (isReadableStream(body)) {
    if (!body.locked) return body.getReader()
    throw new DualscopeError('configuration', 'fetch: the body of its response is read by something else')
  }
  if (isAsyncIterable(body)) return iteratorReader(body[Symbol.asyncIterator]())
  throw new DualscopeError(
    'configuration',
    'fetch: the body of its response cannot be read; it must be a ReadableStream',
  )
}

function iteratorReader(iterator: AsyncIterator<unknown>): ByteReader {
  const encoder = new TextEncoder()
  return {
    async read() {
      const next = await iterator.next()
      if (next.done) return { done: true }
      return { done: false, value: next.value instanceof Uint8Array ? next.value : encoder.encode(String(next.value)) }
    },
    cancel: async () => iterator.return?.(),
  }
}

function isReadableStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof body === 'object' && body !== null && 'getReader' in body && typeof body.getReader === 'function'
}

function isAsyncIterable(body: unknown): body is AsyncIterable<unknown> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}
