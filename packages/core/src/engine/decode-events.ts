import type { Batch } from '../transport/answer.ts'
import type { Codec, ServerEvent } from '../codec.ts'
import { createEventParser } from '../http/events.ts'
import { parseJson } from '../wire/read.ts'

/** Decodes the events of one stream as its text comes. */
export interface EventDecoder {
  /** The chunks that a piece of text completes, or the end of the text. */
  decode: (text: string | undefined) => Batch
  /** The reason of the answer's end has come. */
  finished: boolean
  /** Little may still come: a usage chunk, the terminator, the end of the body. */
  settling: boolean
}

/** Makes what decodes one stream of events. */
export function createEventDecoder(codec: Codec): EventDecoder {
  let batch: Batch
  let terminated = false
  const events = createEventParser(take)
  const decoder: EventDecoder = { decode, finished: false, settling: false }

  function decode(text: string | undefined): Batch {
    batch = { chunks: [], refusal: undefined, failure: undefined }
    try {
      if (text === undefined) events.end()
      else events.feed(text)
    } catch (error) {
      batch.failure = { error }
    }
    return batch
  }

  function take(event: ServerEvent): void {
    if (event.data === codec.terminator) {
      terminated = true
      decoder.settling = true
    }
    // Nothing counts after the end, or a refusal; and what a cut left of an event cannot be relied on.
    if (terminated || batch.refusal || (event.unterminated && parseJson(event.data) === undefined)) return
    const decoded = codec.decodeEvent(event)
    if ('refusal' in decoded) {
      batch.refusal = decoded.refusal
      return
    }
    if (decoded.finishReason !== undefined) {
      decoder.finished = true
      decoder.settling = true
    }
    // Most reads bring one chunk, and a list of one is smaller than an empty one that grows.
    if (batch.chunks.length > 0) batch.chunks.push(decoded)
    else batch.chunks = [decoded]
  }

  return decoder
}
