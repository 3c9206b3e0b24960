import type { Batch } from './answer.ts'
import type { Codec, ServerEvent } from '../codec.ts'
import { createEventParser } from './sse.ts'
import { parseJson } from '../wire/parse.ts'

/** Decodes the events of one stream as its text comes. */
export interface EventDecoder {
  /** The chunks that a piece of text completes, or the end of the text. */
  decode: (text: string | undefined) => Batch
  /** Whether the reason of the answer's end has come. */
  finished: () => boolean
  /** Whether little may still come: a usage chunk, the terminator, the end of the body. */
  settling: () => boolean
}

/** Makes what decodes one stream of events. */
export function createEventDecoder(codec: Codec): EventDecoder {
  const events = createEventParser()
  let finished = false
  let terminated = false

  function decodeInto(batch: Batch, completed: readonly ServerEvent[]): void {
    for (const event of completed) {
      terminated ||= event.data === codec.terminator
      // What a cut left of an event cannot be relied on.
      if (terminated || (event.unterminated && parseJson(event.data) === undefined)) continue
      const decoded = codec.decodeEvent(event)
      if ('refusal' in decoded) {
        // Nothing counts after a refusal.
        batch.refusal = decoded.refusal
        return
      }
      finished ||= decoded.finishReason !== undefined
      batch.chunks.push(decoded)
    }
  }

  return {
    decode(text) {
      const batch: Batch = { chunks: [], refusal: undefined, failure: undefined }
      try {
        decodeInto(batch, text === undefined ? events.end() : events.feed(text))
      } catch (error) {
        batch.failure = { error }
      }
      return batch
    },
    finished: () => finished,
    settling: () => finished || terminated,
  }
}
