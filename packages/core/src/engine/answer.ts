import { readAll } from './body.ts'
import type { ChatChunk } from '../chunk.ts'
import type { Codec, WireFault } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { HttpAnswer } from './http.ts'
import { loadPart } from '../load-part.ts'
import { readEvents } from './read-events.ts'
import { parseJson } from '../wire/parse.ts'

/** What one read of the network brings, in its order. */
export interface Batch {
  chunks: ChatChunk[]
  /** The refusal after them. */
  fault: WireFault | undefined
  /** What broke after them. */
  failure: { error: unknown } | undefined
}

/** What a 2xx answer says, as it comes. */
export interface Answer {
  /** What the next read of the network brings; undefined at the end. After a batch with a fault or a failure nothing comes. */
  next: () => Promise<Batch | undefined>
  /** Closes the connection if the end has not come. */
  close: () => Promise<void>
}

/** Decodes the events of one stream as its text comes. */
export interface EventDecoder {
  /** The chunks that a piece of text completes, or the end of the text. */
  decode: (text: string | undefined) => Batch
  /** Whether the reason of the answer's end has come. */
  finished: () => boolean
  /** Whether little may still come: a usage chunk, the terminator, the end of the body. */
  settling: () => boolean
}

// Node resolves an import anew each time, which takes longer than the decoder does.
let createEventDecoder: ((codec: Codec) => EventDecoder) | undefined

/** Makes the decoder of one stream. It is loaded with the first, while the service thinks: a whole answer needs none. */
export async function loadEventDecoder(codec: Codec): Promise<EventDecoder> {
  createEventDecoder ??= (await loadPart(import('./decode-events.ts'))).createEventDecoder
  return createEventDecoder(codec)
}

/** Reads an answer as what it is, a stream of events or one JSON text, whatever was asked and whatever its label says. */
export function readAnswer(
  { response, body }: HttpAnswer,
  { codec, decoder }: { codec: Codec; decoder?: Promise<EventDecoder> | undefined },
): Answer {
  async function first(): ReturnType<Answer['next']> {
    let start = ''
    for (let piece = await body.read(); piece !== undefined; piece = await body.read()) {
      start += piece
      // Enough to tell a field's name by.
      if (start.trim().length >= 6) break
    }
    if (!isEventStream(start, response)) {
      next = async () => undefined
      return decodeWhole(await readAll(body.read, start), codec)
    }
    const events = readEvents(await (decoder ?? loadEventDecoder(codec)), body)
    next = events.next
    return events.begin(start)
  }

  let next: Answer['next'] = first
  return { next: () => next(), close: body.cancel }
}

/** The only batch of an answer that is no stream. */
function decodeWhole(text: string, codec: Codec): Batch {
  const body = parseJson(text)
  if (body === undefined) {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
    throw new DualscopeError('protocol', `The answer is neither JSON nor a stream of events: ${shown || 'it is empty'}`)
  }
  const decoded = codec.decodeResponse(body)
  return 'fault' in decoded
    ? { chunks: [], fault: decoded.fault, failure: undefined }
    : { chunks: [decoded], fault: undefined, failure: undefined }
}

function isEventStream(start: string, { headers }: Response): boolean {
  // As a field or a comment begins, and JSON never does: some gateways label events as JSON, or not at all.
  if (/^\s*(data|id|event|retry)?:/.test(start)) return true
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '') && !/^\s*[{[<]/.test(start)
}
