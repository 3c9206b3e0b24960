import { createParser } from 'eventsource-parser'

import { DualscopeError } from '../errors.ts'

/** One event of an SSE stream. */
export interface ServerSentEvent {
  id?: string | undefined
  event?: string | undefined
  data: string
  /** The comment lines between the last event and this one's data. */
  comment?: string | undefined
  /** The stream ended without the blank line that ends an event, so the data may be cut. */
  unterminated?: boolean | undefined
}

/** Splits text into the events of an SSE stream. */
export interface EventParser {
  /** Passes on the events that a piece of text completes. */
  feed(text: string): void
  /** Passes on the last event if the stream ended without its blank line. */
  end(): void
}

const longestEvent = 16 * 1024 * 1024
// One comment states the status; a stream that keeps itself alive with comments must not fill the memory.
const mostComments = 8

/**
 * Creates a parser of events of up to 16 Mi characters. A longer event throws `protocol` after the events before it. With
 * `idBeginsEvent` a line with an id begins an event also without the blank line before it.
 */
export function createEventParser(
  onEvent: (event: ServerSentEvent) => void,
  { idBeginsEvent = false }: { idBeginsEvent?: boolean | undefined } = {},
): EventParser {
  let comment: string | undefined
  let unterminated: true | undefined
  let overflow: DualscopeError | undefined
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent(message) {
      const before = comment
      comment = undefined
      onEvent(before === undefined && !unterminated ? message : { ...message, comment: before, unterminated })
    },
    // The native protocol states an event's status in a comment before its data.
    onComment(line) {
      comment = comment === undefined ? line : [...comment.split('\n'), line].slice(-mostComments).join('\n')
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') {
        overflow = new DualscopeError('protocol', 'The stream holds an event longer than 16 MiB')
      }
    },
  })

  const separate = idBeginsEvent ? createSeparator() : (text: string) => text

  function feed(text: string): void {
    if (!overflow) parser.feed(separate(text))
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

/** Puts a blank line before each line with an id that has none, wherever the text is cut. Text without such lines is not copied. */
function createSeparator(): (text: string) => string {
  // The beginning of a line, which may become `id:`.
  let held = ''
  let atLineStart = true
  return (text) => {
    const joined = held + text
    // Not a line feed, which would be one line end with a carriage return before it.
    const begins = atLineStart && joined.startsWith('id:') ? '\r' : ''
    const separated = joined.replaceAll(/(?<![\r\n])(\r\n?|\n)id:/g, '$1$1id:')
    held = idBeginning(joined, atLineStart)
    atLineStart = held !== '' || /[\r\n]$/.test(joined.slice(-1)) || (joined === '' && atLineStart)
    return begins + separated.slice(0, separated.length - held.length)
  }
}

/** Returns the beginning of `id:` at the end of a text, if it stands at the start of a line. */
function idBeginning(text: string, atLineStart: boolean): string {
  if (atLineStart && /^id?$/.test(text)) return text
  return /[\r\n](id?)$/.exec(text.slice(-3))?.[1] ?? ''
}
