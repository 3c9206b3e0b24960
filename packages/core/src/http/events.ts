import { createParser } from 'eventsource-parser'

import type { ServerEvent } from '../codec.ts'
import { DualscopeError } from '../errors.ts'

/** Cuts text into the events of an SSE stream. */
export interface EventParser {
  /** Hands over the events that a piece of text completes. */
  feed(text: string): void
  /** Hands over the event that the end of the stream left without its blank line, if there is one. */
  end(): void
}

const longLine = 1_000
const longestEvent = 16 * 1024 * 1024
// One tells the status; a stream that keeps itself alive with comments must not fill the memory.
const mostComments = 8

/** Reads events of up to 16 Mi characters; a longer one is a `protocol` error, once the events before it are handed over. */
export function createEventParser(take: (event: ServerEvent) => void): EventParser {
  let comment: string | undefined
  let unterminated: true | undefined
  let withinLine = false
  let overflow: DualscopeError | undefined
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent(message) {
      const told = comment
      comment = undefined
      take(told === undefined && !unterminated ? message : { ...message, comment: told, unterminated })
    },
    // The native protocol tells an event's status in a comment before its data.
    onComment(line) {
      comment = comment === undefined ? line : [...comment.split('\n'), line].slice(-mostComments).join('\n')
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') {
        overflow = new DualscopeError('protocol', 'The stream holds an event longer than 16 MiB')
      }
    },
  })
  function feed(text: string): void {
    // Of a long line that goes on from the last piece, the rest is fed by itself: the parser joins what it has with all that
    // it is given, which would copy the whole piece.
    const rest = withinLine ? text.indexOf('\n') + 1 : 0
    if (rest > longLine) {
      feedPart(text.slice(0, rest))
      feedPart(text.slice(rest))
    } else feedPart(text)
    withinLine = !text.endsWith('\n')
  }

  function feedPart(part: string): void {
    if (!overflow) parser.feed(part)
    if (overflow) throw overflow
  }

  return {
    feed,
    end() {
      unterminated = true
      feed('\n\n')
    },
  }
}
