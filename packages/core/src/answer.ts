import { readAll, readBody } from './body.ts'
import type { Codec, Decoded, ServerEvent } from './codec.ts'
import type { Deadline } from './deadline.ts'
import { DualscopeError } from './errors.ts'
import { connectionError } from './http.ts'
import { createEventReader } from './sse.ts'
import { parseJson } from './wire/parse.ts'

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
  const body = readBody(response.body)
  const { signal } = deadline
  // For a body that does not listen to the signal of its request.
  signal.addEventListener('abort', () => void body.cancel(), { once: true })

  const guarded = async (piece: Promise<string | undefined>) => {
    try {
      const text = await piece
      signal.throwIfAborted()
      return text
    } catch (error) {
      signal.throwIfAborted()
      const { message, cause } = connectionError('The connection broke before the answer was complete', error)
      throw new DualscopeError('incomplete', message, { cause })
    }
  }
  const read = () => guarded(deadline.waiting(body.read()))
  const readSettling = () => guarded(within(settlingTime, body.read()))
  return { batches: readBatches(response, codec, read, readSettling), close: body.cancel }
}

async function* readBatches(response: Response, codec: Codec, read: Read, readSettling: Read): Answer['batches'] {
  let start = ''
  for (let piece = await read(); piece !== undefined; piece = await read()) {
    start += piece
    if (start.trim() !== '') break
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
  if (/^\s*[dier:]/.test(start)) return true
  return /^text\/event-stream\b/i.test(contentType ?? '') && !/^\s*[{[<]/.test(start)
}

async function* decodeStream(start: string, codec: Codec, read: Read, readSettling: Read): Answer['batches'] {
  const events = createEventReader()
  let finished = false
  let terminated = false
  let failure: unknown

  // What came before a failure is passed on first.
  const decode = (completed: ServerEvent[]): Decoded[] => {
    const batch: Decoded[] = []
    try {
      for (const event of completed) {
        terminated ||= event.data === codec.terminator
        // What a cut left of an event cannot be relied on.
        if (terminated || (event.unterminated && parseJson(event.data) === undefined)) continue
        const decoded = codec.decodeEvent(event)
        finished ||= 'finishReason' in decoded && decoded.finishReason !== undefined
        batch.push(decoded)
      }
    } catch (error) {
      failure = error
    }
    return batch
  }

  let text: string | undefined = start
  while (failure === undefined && text !== undefined) {
    const batch = decode(events.feed(text))
    if (batch.length > 0) yield batch
    if (failure !== undefined) break
    try {
      text = finished || terminated ? await readSettling() : await read()
    } catch (error) {
      failure = error
    }
  }
  const rest = decode(events.end())
  if (rest.length > 0) yield rest
  const cutAfterTheEnd = finished && failure instanceof DualscopeError && failure.code === 'incomplete'
  if (failure !== undefined && !cutAfterTheEnd) throw failure
}

/** What a promise gives within so many ms, else undefined. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
