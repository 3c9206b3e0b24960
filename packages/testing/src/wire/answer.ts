import type { SearchSource, Usage } from '@dualscope/core'

/** The content of one delta of a stream. */
export interface Piece {
  reasoning?: string
  text?: string
  /** `id` and `name` only come with the first piece of a call. */
  toolCall?: { index: number; id?: string; name?: string; arguments: string }
}

/** An answer with all that a scenario left open filled in, cut into pieces. */
export interface Answer {
  id: string
  model: string
  /** Whether frames have a place for reasoning. */
  thinking: boolean
  pieces: readonly Piece[]
  /** In the wire's word; `null` never finishes. */
  finishReason: string | null
  usage: Usage | undefined
  sources: readonly SearchSource[] | undefined
  logprobs: unknown
}

/** A whole tool call. */
export interface WholeToolCall {
  index: number
  id: string
  name: string
  arguments: string
}

/** The text, reasoning and calls of pieces put together. */
export function assemble(pieces: readonly Piece[]): { reasoning: string; text: string; toolCalls: WholeToolCall[] } {
  const calls = new Map<number, WholeToolCall>()
  for (const { toolCall } of pieces) {
    if (!toolCall) continue
    const { index, id = '', name = '' } = toolCall
    const call = calls.get(index) ?? { index, id, name, arguments: '' }
    calls.set(index, { ...call, arguments: call.arguments + toolCall.arguments })
  }
  return {
    reasoning: pieces.map(({ reasoning }) => reasoning ?? '').join(''),
    text: pieces.map(({ text }) => text ?? '').join(''),
    toolCalls: [...calls.values()],
  }
}
