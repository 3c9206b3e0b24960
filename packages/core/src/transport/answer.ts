import type { ChatChunk } from '../chat/chunk.ts'
import type { Codec } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { readAll, type BodyReader } from '../http/body.ts'
import { parseJson } from '../json.ts'
import { truncate } from '../redact.ts'
import { createEventDecoder, RefusedAnswer } from './decode-events.ts'

// After the finish reason, what may still come is waited for this long, in ms.
const settlingTime = 2_000

// Some models and gateways send blanks without end.
const longestBlank = 64 * 1024 * 1024

// The characters that tell a field's name: `event:`, `retry:`.
const fieldName = 6

/**
 * Reads an answer as what it is, a stream of events or one JSON text, whatever was asked for and whatever its label says.
 * Yields a batch of chunks for each read of the network that completes any. Throws what ends the answer early.
 */
export async function* readAnswer(
  response: Response,
  body: BodyReader,
  codec: Codec,
): AsyncGenerator<ChatChunk[], void, undefined> {
  let start = ''
  let blanks = 0
  while (start.length < fieldName) {
    const piece = await body.read()
    if (piece === undefined) break
    blanks += piece.length
    if (blanks > longestBlank) throw new DualscopeError('protocol', 'The answer begins with 64 Mi blank characters')
    start = (start + piece).trimStart()
  }
  if (isEventStream(start, response)) yield* readEvents(start, body, codec)
  else yield [decodeWhole(await readAll(body, start), codec)]
}

async function* readEvents(
  start: string,
  body: BodyReader,
  codec: Codec,
): AsyncGenerator<ChatChunk[], void, undefined> {
  const decoder = createEventDecoder(codec)
  let text: string | undefined = start
  let deadline: number | undefined
  for (;;) {
    const { chunks, failure } = decoder.decode(text)
    if (chunks.length > 0) yield chunks
    if (failure) throw failure.error
    if (text === undefined || decoder.complete) return
    if (decoder.finished) deadline ??= performance.now() + settlingTime
    text = await readUntil(deadline, body)
  }
}

/** Reads the next piece. Once the answer has its finish reason, an end is an end, however it comes. */
async function readUntil(deadline: number | undefined, body: BodyReader): Promise<string | undefined> {
  if (deadline === undefined) return body.read()
  let timer: ReturnType<typeof setTimeout> | undefined
  const elapsed = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, deadline - performance.now(), undefined)
  })
  try {
    return await Promise.race([body.read(), elapsed])
  } catch (error) {
    if (endsEarly(error)) return undefined
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function endsEarly(error: unknown): boolean {
  return error instanceof DualscopeError && (error.code === 'incomplete' || error.code === 'timeout')
}

function decodeWhole(text: string, codec: Codec): ChatChunk {
  const body = parseJson(text)
  if (body === undefined) throw unreadable(text)
  const decoded = codec.decodeResponse(body)
  if ('error' in decoded) throw new RefusedAnswer(decoded.error)
  // In a whole answer each item is a call of its own, whatever index it states.
  return { ...decoded, toolCalls: decoded.toolCalls?.map((call, index) => ({ ...call, index })) }
}

/** A body without a stated length may be cut where the connection ends, and no error of the network says so. */
function unreadable(text: string): DualscopeError {
  const trimmed = text.trim()
  if (trimmed === '') return new DualscopeError('incomplete', 'The answer is empty')
  const shown = truncate(text, 200)
  return trimmed.startsWith('{') && !trimmed.endsWith('}')
    ? new DualscopeError('incomplete', `The answer ended within its JSON: ${shown}`)
    : new DualscopeError('protocol', `The answer is neither JSON nor a stream of events: ${shown}`)
}

function isEventStream(start: string, { headers }: Response): boolean {
  const opening = start.slice(0, fieldName)
  // As a field or a comment begins, and JSON never does: some gateways label events as JSON, or not at all.
  if (/^(data|id|event|retry)?:/.test(opening)) return true
  return /^text\/event-stream\b/i.test(headers.get('content-type') ?? '') && !/^[{[<]/.test(opening)
}
