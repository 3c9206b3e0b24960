import type { ChatChunk } from '../src/chat/chunk.ts'
import type { CallOptions, TransportRequest } from '../src/chat/request.ts'
import type { Transport } from '../src/transport.ts'

/** What happened to a fake transport. */
export interface Seen {
  requests: TransportRequest[]
  options: CallOptions[]
  /** Streams that were opened, chunks that were pulled, and streams that were closed. */
  opened: number
  pulled: number
  closed: number
}

/** An answer as its chunks; an error among them ends it. */
export type Answer = readonly (ChatChunk | Error)[]

/** Creates a transport that gives each request the next answer, and the last one from then on, a chunk a batch. */
export function scripted(...answers: readonly Answer[]): { transport: Transport; seen: Seen } {
  const seen: Seen = { requests: [], options: [], opened: 0, pulled: 0, closed: 0 }

  function nextAnswer(request: TransportRequest, options: CallOptions): Answer {
    seen.requests.push(request)
    seen.options.push(options)
    return answers[Math.min(seen.requests.length, answers.length) - 1] ?? []
  }

  const transport: Transport = {
    protocol: 'test',
    async send(request, options = {}) {
      const whole: ChatChunk = {}
      for (const chunk of nextAnswer(request, options)) {
        if (chunk instanceof Error) throw chunk
        Object.assign(whole, chunk)
      }
      return whole
    },
    async *stream(request, options = {}) {
      const answer = nextAnswer(request, options)
      seen.opened += 1
      try {
        for (const chunk of answer) {
          if (chunk instanceof Error) throw chunk
          seen.pulled += 1
          yield [chunk]
        }
      } finally {
        seen.closed += 1
      }
    },
  }
  return { transport, seen }
}
