import type { ToolCallPiece } from './chunk.ts'
import { continuation } from './continuation.ts'
import type { ChatEvent } from './event.ts'
import type { ToolCall } from './message.ts'

/** Puts the pieces of tool calls together. */
export interface ToolCallAccumulator {
  push(piece: ToolCallPiece, cumulative: boolean, emit: (event: ChatEvent) => void): void
  /** No piece will follow. */
  finish(emit: (event: ChatEvent) => void): void
  /** The calls so far, in the order of their indexes. */
  toolCalls(): ToolCall[]
}

/** Starts without any call. Pieces of several calls may be mixed, so a call ends only with the answer. */
export function createToolCallAccumulator(): ToolCallAccumulator {
  const calls = new Map<number, ToolCall & { started: boolean }>()
  const ordered = () => [...calls].toSorted(([a], [b]) => a - b)

  return {
    push({ index, id, name, arguments: text = '' }, cumulative, emit) {
      const call = calls.get(index) ?? { id: '', name: '', arguments: '', started: false }
      calls.set(index, call)
      // Later pieces bring id and name as empty texts or not at all: the first that says something holds.
      call.id ||= id ?? ''
      call.name ||= name ?? ''
      const delta = cumulative ? continuation(call.arguments, text) : text
      const unseen = call.started ? delta : call.arguments + delta
      call.arguments += delta
      if (call.name === '') return
      if (!call.started) emit({ type: 'tool-call-start', index, id: call.id, name: call.name })
      call.started = true
      if (unseen !== '') emit({ type: 'tool-call-delta', index, delta: unseen })
    },
    finish(emit) {
      for (const [index, call] of ordered()) emit({ type: 'tool-call-end', index, toolCall: plain(call) })
    },
    toolCalls: () => ordered().map(([, call]) => plain(call)),
  }
}

function plain({ id, name, arguments: text }: ToolCall): ToolCall {
  return { id, name, arguments: text }
}
