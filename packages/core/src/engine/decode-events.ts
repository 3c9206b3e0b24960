import type { Batch, EventDecoder } from './answer.ts'
import type { Codec, ServerEvent } from '../codec.ts'
import { createEventReader } from './sse.ts'
import { parseJson } from '../wire/parse.ts'

/** Makes what decodes one stream of events. */
export function createEventDecoder(codec: Codec): EventDecoder {
  const events = createEventReader()
  let finished = false
  let terminated = false

  function decodeInto(batch: Batch, completed: readonly ServerEvent[]): void {
    for (const event of completed) {
      terminated ||= event.data === codec.terminator
      // What a cut left of an event cannot be relied on.
      if (terminated || (event.unterminated && parseJson(event.data) === undefined)) continue
      const decoded = codec.decodeEvent(event)
      if ('fault' in decoded) {
        // Nothing counts after a refusal.
        batch.fault = decoded.fault
        return
      }
      finished ||= decoded.finishReason !== undefined
      batch.chunks.push(decoded)
    }
  }

  return {
    decode(text) {
      const batch: Batch = { chunks: [], fault: undefined, failure: undefined }
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
