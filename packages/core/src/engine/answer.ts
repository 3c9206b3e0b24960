import { readAll, readBody } from './body.ts'
import type { Codec, Decoded, ServerEvent } from '../codec.ts'
import type { Deadline } from './deadline.ts'
import { DualscopeError } from '../errors.ts'
import { connectionError } from './http.ts'
import { createEventReader } from './sse.ts'
import { parseJson } from '../wire/parse.ts'

/** What a 2xx answer says, as it comes. */
export interface Answer {
  /** What each read of the network brought. */
  batches: AsyncGenerator<Decoded[], void, undefined>
  /** Closes the connection if the end has not come. */
  close: () => Promise<void>
}

type Read = () => Promise<string | undefined>

// Once the answer is complete, what may still come (a usage chunk, the terminator, the end of the body) is waited for
// this long, in ms. A body that is read to its end leaves its connection to the next call.
const settlingTime = 2_000

/** Reads an answer as what it is, a stream of events or one JSON text, whatever was asked and whatever its label says. */
export function readAnswer(response: Response, codec: Codec, deadline: Deadline): Answer {
  const { signal } = deadline
  const body = readBody(response.body, signal)

  const guarded = async (piece: Promise<string | undefined>) => {
    try {
      const text = await piece
      signal.throwIfAborted()
      return text
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof DualscopeError) throw error
      const { message, cause } = connectionError('The connection broke before the answer was complete', error)
      throw new DualscopeError('incomplete', message, { cause })
    }
  }
  const read = () => guarded(deadline.waiting(body.read()))
  let settled: number | undefined
  const readSettling = () => {
    settled ??= performance.now() + settlingTime
    return guarded(before(settled, body.read()))
  }
  return { batches: readBatches(response, codec, read, readSettling), close: body.cancel }
}

async function* readBatches(response: Response, codec: Codec, read: Read, readSettling: Read): Answer['batches'] {
  let start = ''
  for (let piece = await read(); piece !== undefined; piece = await read()) {
    start += piece
    // Enough to tell a field's name by.
    if (start.trim().length >= 6) break
  }
  if (isEventStream(response.headers.get('content-type'), start)) {
    yield* decodeStream(start, codec, read, readSettling)
    return
  }
  const text = await readAll(read, start)
  const parsed = parseJson(text)
  if (parsed === undefined) {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
    throw new DualscopeError('protocol', `The answer is neither JSON nor a stream of events: ${shown || 'it is empty'}`)
  }
  yield [codec.decodeResponse(parsed)]
}

function isEventStream(contentType: string | null, start: string): boolean {
  // As a field or a comment begins, and JSON never does: some gateways label events as JSON, or not at all.
  if (/^\s*(data|id|event|retry)?:/.test(start)) return true
  return /^text\/event-stream\b/i.test(contentType ?? '') && !/^\s*[{[<]/.test(start)
}

async function* decodeStream(start: string, codec: Codec, read: Read, readSettling: Read): Answer['batches'] {
  const events = createEventReader()
  let finished = false
  let terminated = false
  let failure: { error: unknown } | undefined

  // What came before a failure is passed on first.
  const decode = (complete: () => ServerEvent[]): Decoded[] => {
    const batch: Decoded[] = []
    try {
      for (const event of complete()) {
        terminated ||= event.data === codec.terminator
        // What a cut left of an event cannot be relied on.
        if (terminated || (event.unterminated && parseJson(event.data) === undefined)) continue
        const decoded = codec.decodeEvent(event)
        finished ||= 'finishReason' in decoded && decoded.finishReason !== undefined
        batch.push(decoded)
      }
    } catch (error) {
      failure = { error }
    }
    return batch
  }

  let cut: { error: unknown } | undefined
  for (let text: string | undefined = start; text !== undefined;) {
    const piece = text
    const batch = decode(() => events.feed(piece))
    if (batch.length > 0) yield batch
    if (failure) throw failure.error
    try {
      text = finished || terminated ? await readSettling() : await read()
    } catch (error) {
      cut = { error }
      break
    }
  }
  const rest = decode(() => events.end())
  if (rest.length > 0) yield rest
  if (cut && !(finished && endsEarly(cut.error))) throw cut.error
  if (failure) throw failure.error
}

/** After the finish reason an end is an end, however it comes. */
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
