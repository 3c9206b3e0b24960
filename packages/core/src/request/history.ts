import type { AssistantMessage, Message, ToolCall } from '../chat/message.ts'

/** A history as it is sent. */
export interface AdaptedHistory {
  messages: readonly Message[]
  /** The place of each message in the caller's request: `messages[2]`. */
  places: readonly string[]
}

interface Entry {
  message: Message
  place: string
}

/**
 * Adapts a history to what the model reads. Reasoning is sent on messages with tool calls, where Kimi demands it (Moonshot,
 * "Tool Use Compatibility"), and on others only if the model reads it: elsewhere it would be paid for and ignored.
 */
export function adaptHistory(
  messages: readonly Message[],
  { thinking, keepsReasoning }: { thinking: boolean; keepsReasoning: boolean },
): AdaptedHistory {
  const entries = messages.map((message, index): Entry => ({ message, place: `messages[${index}]` }))
  const sent = mergePartials(distinguishCalls(entries)).flatMap(({ message, place }): Entry | Entry[] => {
    // The service refuses a message of the system that is empty.
    if (message.role === 'system') return message.content.length === 0 ? [] : { message, place }
    if (message.role !== 'assistant') return { message, place }
    // An answer cut while thinking has no content. Models served by Moonshot refuse it, and it says nothing to others.
    if (message.content === '' && !message.toolCalls?.length && !message.partial) return []
    return { message: withReasoning(message, { thinking, keepsReasoning }), place }
  })
  return { messages: sent.map(({ message }) => message), places: sent.map(({ place }) => place) }
}

function withReasoning(
  message: AssistantMessage,
  { thinking, keepsReasoning }: { thinking: boolean; keepsReasoning: boolean },
): AssistantMessage {
  if (message.toolCalls?.length) {
    // Other clients keep no reasoning; a thinking Kimi refuses the message without it, and takes an empty one.
    return message.reasoning === undefined && thinking ? { ...message, reasoning: '' } : message
  }
  if (message.reasoning === undefined || keepsReasoning) return message
  const { reasoning: _, ...others } = message
  return others
}

/** Merges a message written in partial mode with the message that it continues. */
function mergePartials(entries: readonly Entry[]): readonly Entry[] {
  const merged: Entry[] = []
  for (const entry of entries) {
    const before = merged.at(-1)
    if (entry.message.role === 'assistant' && before?.message.role === 'assistant' && before.message.partial) {
      merged[merged.length - 1] = { place: before.place, message: join(before.message, entry.message) }
    } else merged.push(entry)
  }
  return merged
}

function join(before: AssistantMessage, continuation: AssistantMessage): AssistantMessage {
  const { partial } = continuation
  return { ...before, ...continuation, content: before.content + continuation.content, partial }
}

/** Some deployments give the calls of an answer no ids, or the same one; the service then cannot tell their results apart. */
function distinguishCalls(entries: readonly Entry[]): readonly Entry[] {
  // The new ids of the calls without a result so far, by the id that they came with.
  let open = new Map<string, { ids: string[]; answered: number }>()
  return entries.map(({ message, place }): Entry => {
    if (message.role === 'tool') {
      const calls = open.get(message.toolCallId)
      const id = calls?.ids[calls.answered]
      if (calls) calls.answered += 1
      return { place, message: id === undefined ? message : { ...message, toolCallId: id } }
    }
    open = new Map()
    if (message.role !== 'assistant' || !message.toolCalls) return { message, place }
    const ids = uniqueIds(message.toolCalls)
    if (ids === undefined) return { message, place }
    const toolCalls = message.toolCalls.map((call, index): ToolCall => {
      const id = ids[index] ?? call.id
      const others = open.get(call.id)
      if (others) others.ids.push(id)
      else open.set(call.id, { ids: [id], answered: 0 })
      return { ...call, id }
    })
    return { message: { ...message, toolCalls }, place }
  })
}

/** Returns ids that are all different, or undefined if the calls have such ids. */
function uniqueIds(calls: readonly ToolCall[]): readonly string[] | undefined {
  const taken = new Set(calls.map(({ id }) => id))
  if (taken.size === calls.length && !taken.has('')) return undefined
  const used = new Set([''])
  let number = 0
  return calls.map(({ id }) => {
    let unique = id
    while (used.has(unique) || (unique !== id && taken.has(unique))) {
      unique = `call_${number}`
      number += 1
    }
    used.add(unique)
    return unique
  })
}
