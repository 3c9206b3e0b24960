import type { Answer, Read } from './answer.ts'
import type { Codec, Decoded, ServerEvent } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { EventReader } from './sse.ts'
import { parseJson } from '../wire/parse.ts'

/** Decodes a stream of events of which the start has come: a batch for each read that completes any. */
export function decodeEvents({
  start,
  read,
  codec,
  events,
}: {
  start: string
  read: Read
  codec: Codec
  events: EventReader
}): Answer['next'] {
  let piece: string | undefined = start
  let finished = false
  let terminated = false
  let over = false
  // What came before a failure is passed on first.
  let failure: { error: unknown } | undefined

  let batch: Decoded[] = []

  function take(event: ServerEvent): void {
    if (failure) return
    terminated ||= event.data === codec.terminator
    // What a cut left of an event cannot be relied on.
    if (terminated || (event.unterminated && parseJson(event.data) === undefined)) return
    try {
      const decoded = codec.decodeEvent(event)
      finished ||= 'finishReason' in decoded && decoded.finishReason !== undefined
      batch.push(decoded)
    } catch (error) {
      failure = { error }
    }
  }

  function decode(text: string | undefined): void {
    over = text === undefined
    try {
      if (text === undefined) events.end(take)
      else events.feed(text, take)
    } catch (error) {
      failure ??= { error }
    }
  }

  return async () => {
    while (!failure && !over) {
      let cut: { error: unknown } | undefined
      let text = piece
      piece = undefined
      try {
        text ??= await read(finished || terminated)
      } catch (error) {
        cut = { error }
      }
      batch = []
      decode(text)
      // After the finish reason an end is an end, however it comes.
      if (cut && !(finished && endsEarly(cut.error))) failure = cut
      if (batch.length > 0) return batch
    }
    if (failure) throw failure.error
    return undefined
  }
}

function endsEarly(error: unknown): boolean {
  return error instanceof DualscopeError && (error.code === 'incomplete' || error.code === 'timeout')
}
