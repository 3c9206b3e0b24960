import type { ChatChunk } from './chat/chunk.ts'
import { DualscopeError } from './errors.ts'
import type { AssistantMessage, ToolCall } from './chat/message.ts'
import type { ChatResult, FinishReason } from './chat/result.ts'

/** What stands in place of what the service did not say. */
export interface Asked {
  protocol: string
  model: string
}

/** The result of an answer: its last word on everything, and what was put together of its pieces. */
export function resultOf(known: ChatChunk, toolCalls: readonly ToolCall[], asked: Asked): ChatResult {
  const text = known.text || ''
  const reasoning = known.reasoning || ''
  const message: AssistantMessage = { role: 'assistant', content: text }
  if (reasoning !== '') message.reasoning = reasoning
  if (toolCalls.length > 0) message.toolCalls = toolCalls
  return {
    id: known.id || known.requestId || '',
    requestId: known.requestId || undefined,
    model: known.model || asked.model,
    protocol: known.protocol || asked.protocol,
    text,
    reasoning,
    toolCalls,
    output: undefined,
    message,
    finishReason: unifiedReason(known.finishReason, toolCalls.length > 0),
    rawFinishReason: (known.finishReason && known.rawFinishReason) || '',
    usage: known.usage || undefined,
    ...(known.logprobs === undefined ? {} : { logprobs: known.logprobs }),
    ...(known.sources?.length ? { sources: known.sources } : {}),
  }
}

/** A forced call was seen to end with "stop", so the presence of calls decides. */
export function unifiedReason(reason: FinishReason | undefined, hasToolCalls: boolean): FinishReason {
  return reason === 'stop' && hasToolCalls ? 'tool-calls' : (reason ?? 'other')
}

/** The error of an answer that does not say why it ended. */
export function unfinished(partial?: ChatResult): DualscopeError {
  const error = new DualscopeError('incomplete', 'The answer ended without a finish reason, so it may be cut')
  if (partial) error.partial = partial
  return error
}
