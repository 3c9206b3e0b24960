import { createParser } from 'eventsource-parser'

import type { ServerEvent } from './codec.ts'
import { DualscopeError } from './errors.ts'

/** Cuts text into the events of an SSE stream. */
export interface EventReader {
  /** The events that a piece of text completes. */
  feed(text: string): ServerEvent[]
  /** The event that the end of the stream left without its blank line, if there is one. */
  end(): ServerEvent[]
}

const longestEvent = 16 * 1024 * 1024

/** Reads events of up to 16 Mi characters; a longer one makes the next call throw a `protocol` error. */
export function createEventReader(): EventReader {
  let events: ServerEvent[] = []
  let comments: string[] = []
  let unterminated: true | undefined
  let overflow: DualscopeError | undefined
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent({ event, data }) {
      events.push({ event, data, comment: comments.length ? comments.join('\n') : undefined, unterminated })
      if (comments.length) comments = []
    },
    // The native protocol tells an event's status in a comment before its data.
    onComment: (comment) => comments.push(comment),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') {
        overflow = new DualscopeError('protocol', 'The stream holds an event longer than 16 MiB')
      }
    },
  })
  const feed = (text: string) => {
    if (overflow) throw overflow
    parser.feed(text)
    const completed = events
    events = []
    return completed
  }
  return {
    feed,
    end() {
      unterminated = true
      return overflow ? [] : feed('\n\n')
    },
  }
}
