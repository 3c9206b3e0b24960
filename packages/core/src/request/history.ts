import type { AssistantMessage, Message } from '../chat/message.ts'

/**
 * A history as the model is to read it. Reasoning goes out on messages with tool calls, where Kimi demands it (Moonshot,
 * "Tool Use Compatibility"), and on others only where the model reads it: elsewhere it would be paid for and ignored.
 */
export function fitHistory(
  messages: readonly Message[],
  { thinks, preserves }: { thinks: boolean; preserves: boolean },
): readonly Message[] {
  return withoutSeams(messages).map((message) => {
    if (message.role !== 'assistant') return message
    if (message.toolCalls?.length) {
      // Other clients keep no reasoning; a thinking Kimi refuses the message without it, and takes an empty one.
      return message.reasoning === undefined && thinks ? { ...message, reasoning: '' } : message
    }
    if (message.reasoning === undefined || preserves) return message
    const { reasoning: _, ...rest } = message
    return rest
  })
}

/** A message that was written in partial mode is one with the message that it goes on from. */
function withoutSeams(messages: readonly Message[]): readonly Message[] {
  const whole: Message[] = []
  for (const message of messages) {
    const before = whole.at(-1)
    if (message.role === 'assistant' && before?.role === 'assistant' && before.partial)
      whole.splice(-1, 1, join(before, message))
    else whole.push(message)
  }
  return whole
}

function join(before: AssistantMessage, continuation: AssistantMessage): AssistantMessage {
  const { partial } = continuation
  return { ...before, ...continuation, content: before.content + continuation.content, partial }
}
