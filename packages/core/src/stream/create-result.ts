import type { ChatChunk } from '../chat/chunk.ts'
import type { AssistantMessage, ToolCall } from '../chat/message.ts'
import type { ChatResult, FinishReason } from '../chat/result.ts'

/** Values of a result that stand in for what the service leaves out. */
export interface AnswerDefaults {
  protocol: string
  model: string
}

/** Creates the result of an answer from the latest value of every field and the tool calls. */
export function createResult(latest: ChatChunk, toolCalls: readonly ToolCall[], defaults: AnswerDefaults): ChatResult {
  const text = latest.text || ''
  const reasoning = latest.reasoning || ''
  const message: AssistantMessage = { role: 'assistant', content: text }
  if (reasoning !== '') message.reasoning = reasoning
  if (toolCalls.length > 0) message.toolCalls = toolCalls
  return {
    id: latest.id || latest.requestId || '',
    requestId: latest.requestId || undefined,
    model: latest.model || defaults.model,
    protocol: latest.protocol || defaults.protocol,
    text,
    reasoning,
    toolCalls,
    output: undefined,
    message,
    finishReason: unifyFinishReason(latest.finishReason, toolCalls.length > 0),
    rawFinishReason: (latest.finishReason && latest.rawFinishReason) || '',
    usage: latest.usage || undefined,
    ...(latest.logprobs === undefined ? {} : { logprobs: latest.logprobs }),
    ...(latest.sources?.length ? { sources: latest.sources } : {}),
  }
}

/** Writes a result as the one chunk of a whole answer. */
export function toChunk({ toolCalls, output: _output, message: _message, ...fields }: ChatResult): ChatChunk {
  return { ...fields, toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }
}

/** The service has ended a forced call with "stop", so tool calls take precedence over the reason. */
export function unifyFinishReason(reason: FinishReason | undefined, hasToolCalls: boolean): FinishReason {
  return reason === 'stop' && hasToolCalls ? 'tool-calls' : (reason ?? 'other')
}
