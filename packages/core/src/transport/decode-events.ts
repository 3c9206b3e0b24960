import type { ChatChunk } from '../chat/chunk.ts'
import type { Codec, RawError } from '../codec.ts'
import { createEventParser, type ServerSentEvent } from '../http/events.ts'
import { parseJson } from '../json.ts'

/** The result of decoding one piece of text. */
interface DecodedText {
  chunks: ChatChunk[]
  /** The error that ended the answer after these chunks. */
  failure?: { error: unknown }
}

/** Decodes the events of one stream as its text arrives. */
export interface EventDecoder {
  /** Decodes the chunks that a piece of text completes; undefined is the end of the text. */
  decode(text: string | undefined): DecodedText
  /** The finish reason has arrived. */
  readonly finished: boolean
  /** The last event has arrived: nothing counts after it. */
  readonly complete: boolean
}

/** Creates the decoder of one stream. */
export function createEventDecoder(codec: Codec): EventDecoder {
  let chunks: ChatChunk[] = []
  let finished = false
  let complete = false
  const events = createEventParser(decodeEvent, { idBeginsEvent: codec.idBeginsEvent })

  function decodeEvent(event: ServerSentEvent): void {
    if (complete) return
    if (event.data === codec.terminator) {
      complete = true
      return
    }
    // An event that was cut off may be incomplete.
    if (event.unterminated && parseJson(event.data) === undefined) return
    const decoded = codec.decodeEvent(event)
    if ('error' in decoded) throw new RefusedAnswer(decoded.error)
    finished ||= decoded.finishReason !== undefined
    complete = finished && codec.terminator === undefined
    chunks.push(decoded)
  }

  function decode(text: string | undefined): DecodedText {
    chunks = []
    try {
      if (text === undefined) events.end()
      else events.feed(text)
      return { chunks }
    } catch (error) {
      return { chunks, failure: { error } }
    }
  }

  return {
    decode,
    get finished() {
      return finished
    },
    get complete() {
      return complete
    },
  }
}

/** An error of the service inside a 2xx answer, before it is decoded. Internal: a call turns it into an `ApiError`. */
export class RefusedAnswer extends Error {
  readonly raw: RawError

  constructor(raw: RawError) {
    super('The service answered with an error')
    this.raw = raw
  }
}
