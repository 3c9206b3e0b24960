import { DualscopeError } from '../errors.ts'

/** What is needed of a `ReadableStreamDefaultReader`. */
export interface ByteReader {
  read(): Promise<{ done: boolean; value?: Uint8Array | undefined }>
  cancel(): Promise<unknown>
}

/**
 * Returns the reader of a body. A custom `fetch` may have a stream of Node as the body (node-fetch, cross-fetch). Throws
 * `configuration` for a body that cannot be read.
 */
export function readerOf(body: unknown): ByteReader | undefined {
  if (body === null || body === undefined) return undefined
  if (isReadableStream(body)) return body.getReader()
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
