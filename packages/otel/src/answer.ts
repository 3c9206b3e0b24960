import type { ChatChunk, ToolCall } from '@dualscope/core'

/** The content and the facts of an answer, collected from its chunks. */
export interface Answer {
  /** The last value of each field. */
  readonly last: ChatChunk
  take(chunk: ChatChunk): void
  /** Returns the whole content so far. */
  read(): { text: string; reasoning: string; toolCalls: ToolCall[]; finishReason: string | undefined }
}

/** Creates an empty answer, which keeps content only if `content` says so. */
export function createAnswer(content: boolean): Answer {
  const last: ChatChunk = {}
  let text = ''
  let reasoning = ''
  let calls = new Map<number, ToolCall>()

  function keepContent(chunk: ChatChunk): void {
    if (chunk.restart || chunk.cumulative) {
      text = ''
      reasoning = ''
      calls = new Map()
    }
    text += chunk.text ?? ''
    reasoning += chunk.reasoning ?? ''
    for (const { index, id, name, arguments: piece } of chunk.toolCalls ?? []) {
      const call = calls.get(index) ?? { id: '', name: '', arguments: '' }
      calls.set(index, {
        id: call.id || (id ?? ''),
        name: call.name || (name ?? ''),
        arguments: call.arguments + (piece ?? ''),
      })
    }
  }

  function take(chunk: ChatChunk): void {
    if (content) keepContent(chunk)
    const { text: _text, reasoning: _reasoning, toolCalls: _calls, logprobs: _logprobs, ...facts } = chunk
    const known = Object.entries(facts).filter(([, value]) => value !== undefined)
    Object.assign(last, Object.fromEntries(known))
  }

  return {
    last,
    take,
    read: () => ({ text, reasoning, toolCalls: [...calls.values()], finishReason: last.finishReason }),
  }
}
