import type { AssistantMessage, Message } from '../chat/message.ts'

/**
 * Adapts a history to what the model reads. Reasoning is sent on messages with tool calls, where Kimi demands it (Moonshot,
 * "Tool Use Compatibility"), and on others only if the model reads it: elsewhere it would be paid for and ignored.
 */
export function adaptHistory(
  messages: readonly Message[],
  { thinking, keepsReasoning }: { thinking: boolean; keepsReasoning: boolean },
): readonly Message[] {
  return mergePartials(messages).flatMap((message): Message | Message[] => {
    if (message.role !== 'assistant') return message
    // An answer cut while thinking has no content. Models served by Moonshot refuse it, and it says nothing to others.
    if (message.content === '' && !message.toolCalls?.length && !message.partial) return []
    if (message.toolCalls?.length) {
      // Other clients keep no reasoning; a thinking Kimi refuses the message without it, and takes an empty one.
      return message.reasoning === undefined && thinking ? { ...message, reasoning: '' } : message
    }
    if (message.reasoning === undefined || keepsReasoning) return message
    const { reasoning: _, ...others } = message
    return others
  })
}

/** Merges a message written in partial mode with the message that it continues. */
function mergePartials(messages: readonly Message[]): readonly Message[] {
  const merged: Message[] = []
  for (const message of messages) {
    const before = merged.at(-1)
    if (message.role === 'assistant' && before?.role === 'assistant' && before.partial) {
      merged[merged.length - 1] = join(before, message)
    } else merged.push(message)
  }
  return merged
}

function join(before: AssistantMessage, continuation: AssistantMessage): AssistantMessage {
  const { partial } = continuation
  return { ...before, ...continuation, content: before.content + continuation.content, partial }
}
