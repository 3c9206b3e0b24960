import { createParser } from 'eventsource-parser'

import type { ServerEvent } from '../codec.ts'
import { DualscopeError } from '../errors.ts'

/** Cuts text into the events of an SSE stream. */
export interface EventReader {
  /** Gives the events that a piece of text completes. */
  feed(text: string, take: (event: ServerEvent) => void): void
  /** Gives the event that the end of the stream left without its blank line, if there is one. */
  end(take: (event: ServerEvent) => void): void
}

const longestEvent = 16 * 1024 * 1024
// One tells the status; a stream that keeps itself alive with comments must not fill the memory.
const mostComments = 8

/** Reads events of up to 16 Mi characters; a longer one is a `protocol` error, once the events before it are out. */
export function createEventReader(): EventReader {
  let taker: ((event: ServerEvent) => void) | undefined
  let comments: string[] = []
  let unterminated: true | undefined
  let overflow: DualscopeError | undefined
  let completed = false
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent({ event, data }) {
      completed = true
      const comment = comments.length > 0 ? comments.join('\n') : undefined
      if (comment !== undefined) comments = []
      taker?.({ event, data, comment, unterminated })
    },
    // The native protocol tells an event's status in a comment before its data.
    onComment(comment) {
      if (comments.push(comment) > mostComments) comments.shift()
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') {
        overflow = new DualscopeError('protocol', 'The stream holds an event longer than 16 MiB')
      }
    },
  })
  const feed: EventReader['feed'] = (text, take) => {
    taker = take
    completed = false
    if (!overflow) parser.feed(text)
    if (overflow && !completed) throw overflow
  }
  return {
    feed,
    end(take) {
      unterminated = true
      feed('\n\n', take)
    },
  }
}
