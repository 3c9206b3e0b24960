import type { Batch, EventDecoder } from './answer.ts'
import type { Codec, ServerEvent } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { createEventReader } from './sse.ts'
import { parseJson } from '../wire/parse.ts'

// Once the answer is complete, what may still come (a usage chunk, the terminator, the end of the body) is waited for
// this long, in ms. A body that is read to its end leaves its connection to the next call.
const settlingTime = 2_000

/** How far a stream of events has come. */
interface Progress {
  /** The reason of its end has come. */
  finished: boolean
  /** The event after which nothing comes. */
  terminated: boolean
  /** What came before a failure is passed on first. */
  failure: { error: unknown } | undefined
}

/** Makes what decodes one stream of events: a batch for each read that completes any. */
export function createEventDecoder(codec: Codec): EventDecoder {
  const events = createEventReader()
  const progress: Progress = { finished: false, terminated: false, failure: undefined }
  let over = false
  let settled: number | undefined

  return (start, body) => {
    let piece: string | undefined = start
    return async () => {
      while (!progress.failure && !over) {
        let cut: { error: unknown } | undefined
        let text = piece
        piece = undefined
        try {
          text ??= await (progress.finished || progress.terminated
            ? before((settled ??= performance.now() + settlingTime), body.read())
            : body.read())
        } catch (error) {
          cut = { error }
        }
        over = text === undefined
        const batch: Batch = { chunks: [], fault: undefined }
        try {
          decodeInto(batch, text === undefined ? events.end() : events.feed(text), codec, progress)
        } catch (error) {
          progress.failure = { error }
        }
        // After the finish reason an end is an end, however it comes.
        if (cut && !(progress.finished && endsEarly(cut.error))) progress.failure = cut
        if (batch.chunks.length > 0 || batch.fault) return batch
      }
      if (progress.failure) throw progress.failure.error
      return undefined
    }
  }
}

function decodeInto(batch: Batch, events: readonly ServerEvent[], codec: Codec, progress: Progress): void {
  for (const event of events) {
    progress.terminated ||= event.data === codec.terminator
    // What a cut left of an event cannot be relied on.
    if (progress.terminated || (event.unterminated && parseJson(event.data) === undefined)) continue
    const decoded = codec.decodeEvent(event)
    if ('fault' in decoded) {
      // Nothing counts after a refusal.
      batch.fault = decoded.fault
      return
    }
    progress.finished ||= decoded.finishReason !== undefined
    batch.chunks.push(decoded)
  }
}

function endsEarly(error: unknown): boolean {
  return error instanceof DualscopeError && (error.code === 'incomplete' || error.code === 'timeout')
}

/** What a promise gives before a moment of `performance.now()`, else undefined. */
async function before<T>(moment: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, moment - performance.now(), undefined)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
