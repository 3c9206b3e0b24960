import { readAll } from './body.ts'
import type { ChatChunk } from '../chunk.ts'
import type { Codec, WireFault } from '../codec.ts'
import type { Deadline } from './deadline.ts'
import { DualscopeError } from '../errors.ts'
import { decodeEvents } from './decode-events.ts'
import { connectionError, type HttpAnswer } from './http.ts'
import { createEventReader, type EventReader } from './sse.ts'
import { parseJson } from '../wire/parse.ts'

/** What one read of the network brings, in its order. */
export interface Batch {
  chunks: ChatChunk[]
  /** The refusal after them. */
  fault: WireFault | undefined
}

/** What a 2xx answer says, as it comes. */
export interface Answer {
  /** What the next read of the network brings; undefined at the end. */
  next: () => Promise<Batch | undefined>
  /** Closes the connection if the end has not come. */
  close: () => Promise<void>
}

/** The next piece of an answer's text, undefined at its end; with `settling` the end need not come. */
export type Read = (settling?: boolean) => Promise<string | undefined>

// Once the answer is complete, what may still come (a usage chunk, the terminator, the end of the body) is waited for
// this long, in ms. A body that is read to its end leaves its connection to the next call.
const settlingTime = 2_000

/** Reads an answer as what it is, a stream of events or one JSON text, whatever was asked and whatever its label says. */
export function readAnswer(
  { response, body }: HttpAnswer,
  { codec, deadline, events }: { codec: Codec; deadline: Deadline; events?: EventReader | undefined },
): Answer {
  const { signal } = deadline
  let settled: number | undefined

  async function read(settling = false): Promise<string | undefined> {
    try {
      let text: string | undefined
      if (settling) text = await before((settled ??= performance.now() + settlingTime), body.read())
      else {
        deadline.wait()
        text = await body.read()
      }
      signal.throwIfAborted()
      return text
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof DualscopeError) throw error
      const { message, cause } = connectionError('The connection broke before the answer was complete', error)
      throw new DualscopeError('incomplete', message, { cause })
    } finally {
      deadline.rest()
    }
  }

  async function begin(): Promise<Answer['next']> {
    let start = ''
    for (let piece = await read(); piece !== undefined; piece = await read()) {
      start += piece
      // Enough to tell a field's name by.
      if (start.trim().length >= 6) break
    }
    return isEventStream(start, response)
      ? decodeEvents({ start, read, codec, events: events ?? createEventReader() })
      : decodeWhole(await readAll(read, start), codec)
  }

  async function first(): ReturnType<Answer['next']> {
    next = await begin()
    return next()
  }

  let next = first
  return { next: () => next(), close: body.cancel }
}

/** The only batch of an answer that is no stream. */
function decodeWhole(text: string, codec: Codec): Answer['next'] {
  let body = parseJson(text)
  if (body === undefined) {
    const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text
    throw new DualscopeError('protocol', `The answer is neither JSON nor a stream of events: ${shown || 'it is empty'}`)
  }
  return async () => {
    if (body === undefined) return undefined
    const decoded = codec.decodeResponse(body)
    body = undefined
    return 'fault' in decoded ? { chunks: [], fault: decoded.fault } : { chunks: [decoded], fault: undefined }
  }
}

function isEventStream(start: string, { headers }: Response): boolean {
  // As a field or a comment begins, and JSON never does: some gateways label events as JSON, or not at all.
  if (/^\s*(data|id|event|retry)?:/.test(start)) return true
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '') && !/^\s*[{[<]/.test(start)
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
