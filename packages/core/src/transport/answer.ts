import { readAll, type BodyReader } from '../http/body.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { Codec, Refusal } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { HttpAnswer } from '../http/send.ts'
import { loadStreaming } from '../stream/load-streaming.ts'
import { parseJson } from '../wire/read.ts'
import { shortened } from '../shortened.ts'

/** What one read of the network brings, in its order. */
export interface Batch {
  chunks: ChatChunk[]
  /** The refusal after them. */
  refusal: Refusal | undefined
  /** What broke after them. */
  failure: { error: unknown } | undefined
}

/** What reads the events of a streamed answer. */
export interface EventReader {
  /** The first batch, where the start of the body has been read; undefined where none comes. */
  begin: (start: string) => Batch | Promise<Batch | undefined>
  /**
   * Makes what reads on: it resolves to what `take` makes of the next batch, which is undefined at the end. After a batch with
   * a refusal or a failure nothing comes.
   */
  reads: <R>(take: (batch: Batch | undefined) => R | Promise<R>) => () => Promise<R>
}

/** What a 2xx answer says. */
export interface Answer {
  /** What came first; undefined where nothing came at all. */
  first: Batch | undefined
  /** Has the rest; absent where the answer was one JSON text. */
  rest?: EventReader
}

/** Makes the reader of one stream out of its body. */
export type EventReaderOf = (body: BodyReader) => EventReader

/** Prepares the reader of one stream, while the service thinks. */
export async function loadEventReader(codec: Codec): Promise<EventReaderOf> {
  const { createEventReader } = await loadStreaming()
  return createEventReader(codec)
}

// The characters that tell a field's name: `event:`, `retry:`.
const fieldName = 6

/** Begins to read an answer as what it is, a stream of events or one JSON text, whatever was asked and whatever its label says. */
export async function beginAnswer(
  { response, body }: HttpAnswer,
  { codec, reader }: { codec: Codec; reader: Promise<EventReaderOf> | undefined },
): Promise<Answer> {
  let start = ''
  for (let piece = await body.read(); piece !== undefined; piece = await body.read()) {
    start += piece
    if (start.trim().length >= fieldName) break
  }
  if (!isEventStream(start, response)) return { first: decodeWhole(await readAll(body.read, start), codec) }
  const readerOf = await (reader ?? loadEventReader(codec))
  const rest = readerOf(body)
  return { first: await rest.begin(start), rest }
}

/** The only batch of an answer that is no stream. */
function decodeWhole(text: string, codec: Codec): Batch {
  const body = parseJson(text)
  if (body === undefined) {
    const shown = shortened(text, 200) || 'it is empty'
    throw new DualscopeError('protocol', `The answer is neither JSON nor a stream of events: ${shown}`)
  }
  const decoded = codec.decodeResponse(body)
  return 'refusal' in decoded
    ? { chunks: [], refusal: decoded.refusal, failure: undefined }
    : { chunks: [decoded], refusal: undefined, failure: undefined }
}

function isEventStream(start: string, { headers }: Response): boolean {
  // Engines hold the text that a regular expression has last matched, which might be all of a first read.
  const opening = start.trimStart().slice(0, fieldName)
  // As a field or a comment begins, and JSON never does: some gateways label events as JSON, or not at all.
  if (/^(data|id|event|retry)?:/.test(opening)) return true
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '') && !/^[{[<]/.test(opening)
}
