import type { ChatChunk } from '../chat/chunk.ts'
import { DualscopeError } from '../errors.ts'
import { anyOf, interruptible } from '../async/abort.ts'
import type { Message } from '../chat/message.ts'
import { modelInfo } from '../models/catalogue.ts'
import type { CallOptions } from '../chat/request.ts'
import type { ChatResult } from '../chat/result.ts'
import { unfinished } from '../result-of.ts'
import { startTimeBudget } from '../async/time-budget.ts'
import type { TransportRequest } from '../transport.ts'

/** A call that goes on after a cut. */
export interface ResumableCall {
  request: TransportRequest
  options: CallOptions
  start: (request: TransportRequest, options: CallOptions) => AsyncIterable<ChatChunk>
  /** What the chunks passed on have come to. */
  soFar: () => ChatResult
}

const mostResumptions = 3

/** The chunks of an answer, which go on after a cut where that is safe; see `CallOptions.resume`. */
export function resumed({ request, options, start, soFar }: ResumableCall): AsyncIterable<ChatChunk> {
  const leaving = new AbortController()
  const signal = anyOf(options.signal, leaving.signal)
  const budget = startTimeBudget({ ...options, signal })

  async function* run(): AsyncGenerator<ChatChunk, void, undefined> {
    let next: Continuation | undefined = { request, adapt: (chunk) => chunk }
    let failure: unknown
    for (let part = 0; next && part <= mostResumptions; part += 1) {
      const rest = budget()
      if (rest === undefined) break
      const { adapt } = next
      let begun = false
      try {
        let finished = false
        for await (const chunk of start(next.request, rest)) {
          begun = true
          finished ||= chunk.finishReason !== undefined
          yield adapt(chunk)
        }
        if (finished) return
        failure = unfinished()
      } catch (error) {
        const cut = begun && error instanceof DualscopeError && error.code === 'incomplete'
        if (!cut) throw error
        failure = error
      }
      next = continuationOf(request, soFar())
    }
    throw failure
  }

  return interruptible(run(), () => leaving.abort())
}

interface Continuation {
  request: TransportRequest
  /** Fits a chunk of the new part to what came before. */
  adapt: (chunk: ChatChunk) => ChatChunk
}

/** How to go on from here; undefined where it is not safe. */
function continuationOf(
  request: TransportRequest,
  { text, reasoning, toolCalls, message }: ChatResult,
): Continuation | undefined {
  if (text === '' && toolCalls.length === 0) return startAnew(request)
  const canGoOn = request.model !== undefined && modelInfo(request.model)?.features.partial
  // "Not combinable with tools" (DashScope API reference, partial mode).
  if (!canGoOn || toolCalls.length > 0 || request.tools?.length) return undefined

  const { messages } = request
  const last = messages.at(-1)
  // The caller's own beginning of the answer stays its beginning.
  const begun = last?.role === 'assistant' ? last : undefined
  const prefix: Message = { ...begun, ...message, content: (begun?.content ?? '') + text, partial: true }
  return {
    request: { ...request, messages: [...(begun ? messages.slice(0, -1) : messages), prefix] },
    adapt: (chunk: ChatChunk): ChatChunk =>
      chunk.cumulative
        ? { ...chunk, text: text + (chunk.text ?? ''), reasoning: reasoning + (chunk.reasoning ?? '') }
        : chunk,
  }
}

function startAnew(request: TransportRequest): Continuation {
  let first = true
  return {
    request,
    adapt(chunk) {
      const adapted = first ? { ...chunk, restart: true } : chunk
      first = false
      return adapted
    },
  }
}
