import { startTimeBudget } from '../async/time-budget.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { Message } from '../chat/message.ts'
import type { CallOptions, TransportRequest } from '../chat/request.ts'
import type { ChatResult } from '../chat/result.ts'
import { DualscopeError, incompleteError } from '../errors.ts'
import { modelInfo } from '../models/catalogue.ts'

/** A call that continues after it was interrupted. */
export interface ResumableCall {
  request: TransportRequest
  options: CallOptions
  start: (request: TransportRequest, options: CallOptions) => AsyncIterable<readonly ChatChunk[]>
  /** Returns what the chunks passed on so far amount to. */
  snapshot: () => ChatResult
}

interface Continuation {
  request: TransportRequest
  /** Adapts a chunk of the new part to what came before. */
  adapt: (chunk: ChatChunk) => ChatChunk
}

const mostResumptions = 3

/** Streams an answer that continues after an interruption where that is safe; see `CallOptions.resume`. */
export async function* resumeBatches({
  request,
  options,
  start,
  snapshot,
}: ResumableCall): AsyncGenerator<ChatChunk[], void, undefined> {
  const budget = startTimeBudget(options)
  let next: Continuation | undefined = { request, adapt: (chunk) => chunk }
  let failure: unknown
  for (let part = 0; next && part <= mostResumptions; part += 1) {
    const remaining = budget()
    if (remaining === undefined) break
    const { adapt } = next
    let begun = false
    try {
      let finished = false
      for await (const batch of start(next.request, remaining)) {
        begun = true
        finished ||= batch.some(({ finishReason }) => finishReason !== undefined)
        yield batch.map(adapt)
      }
      if (finished) return
      failure = incompleteError()
    } catch (error) {
      const interrupted = begun && error instanceof DualscopeError && error.code === 'incomplete'
      if (!interrupted) throw error
      failure = error
    }
    next = continueFrom(request, snapshot())
  }
  throw failure
}

/** Returns how to continue, or undefined where that is not safe. */
function continueFrom(
  request: TransportRequest,
  { text, reasoning, toolCalls, message }: ChatResult,
): Continuation | undefined {
  if (text === '' && toolCalls.length === 0) return startAnew(request)
  const hasPartialMode = request.model !== undefined && modelInfo(request.model)?.features.partial
  // "Not combinable with tools" (DashScope API reference, partial mode).
  if (!hasPartialMode || toolCalls.length > 0 || request.tools?.length) return undefined

  const { messages } = request
  const last = messages.at(-1)
  // The caller's own beginning of the answer stays its beginning.
  const begun = last?.role === 'assistant' ? last : undefined
  const prefix: Message = { ...begun, ...message, content: (begun?.content ?? '') + text, partial: true }
  return {
    request: { ...request, messages: [...(begun ? messages.slice(0, -1) : messages), prefix] },
    adapt: (chunk) =>
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
