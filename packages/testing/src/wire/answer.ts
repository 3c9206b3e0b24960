import type { SearchSource, Usage } from '@dualscope/core'

/** The content of one delta of a stream. */
export interface Piece {
  reasoning?: string
  text?: string
  /** Only the first piece of a call has `id` and `name`. */
  toolCall?: { index: number; id?: string; name?: string; arguments: string }
}

/** A complete answer, cut into pieces. */
export interface Answer {
  id: string
  model: string
  /** Whether frames have a field for reasoning. */
  thinking: boolean
  pieces: readonly Piece[]
  /** The finish reason on the wire; `null` never finishes. */
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

/** Joins the text, reasoning and calls of pieces. */
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
