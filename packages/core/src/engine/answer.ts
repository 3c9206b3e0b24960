import { readAll, type BodyReader } from './body.ts'
import type { ChatChunk } from '../chunk.ts'
import type { Codec, WireFault } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { HttpAnswer } from './http.ts'
import { loadPart } from '../load-part.ts'
import { parseJson } from '../wire/parse.ts'

/** What one read of the network brings, in its order. */
export interface Batch {
  chunks: ChatChunk[]
  /** The refusal after them. */
  fault: WireFault | undefined
}

/** What a 2xx answer says, as it comes. */
export interface Answer {
  /** What the next read of the network brings; undefined at the end. */
  next: () => Promise<Batch | undefined>
  /** Closes the connection if the end has not come. */
  close: () => Promise<void>
}

/** Decodes the events of an answer whose start has been read. */
export type EventDecoder = (start: string, body: BodyReader) => Answer['next']

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
  async function begin(): Promise<Answer['next']> {
    let start = ''
    for (let piece = await body.read(); piece !== undefined; piece = await body.read()) {
      start += piece
      // Enough to tell a field's name by.
      if (start.trim().length >= 6) break
    }
    return isEventStream(start, response)
      ? (await (decoder ?? loadEventDecoder(codec)))(start, body)
      : decodeWhole(await readAll(body.read, start), codec)
  }

  async function first(): ReturnType<Answer['next']> {
    next = await begin()
    return next()
  }

  let next = first
  return { next: () => next(), close: body.cancel }
}

/** The only batch of an answer that is no stream. */
function decodeWhole(text: string, codec: Codec): Answer['next'] {
  let body = parseJson(text)
  if (body === undefined) {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
    throw new DualscopeError('protocol', `The answer is neither JSON nor a stream of events: ${shown || 'it is empty'}`)
  }
  return async () => {
    if (body === undefined) return undefined
    const decoded = codec.decodeResponse(body)
    body = undefined
    return 'fault' in decoded ? { chunks: [], fault: decoded.fault } : { chunks: [decoded], fault: undefined }
  }
}

function isEventStream(start: string, { headers }: Response): boolean {
  // As a field or a comment begins, and JSON never does: some gateways label events as JSON, or not at all.
  if (/^\s*(data|id|event|retry)?:/.test(start)) return true
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '') && !/^\s*[{[<]/.test(start)
}
