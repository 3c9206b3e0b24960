import type { ToolCallPiece } from '../chat/chunk.ts'
import { continuation } from './cumulative.ts'
import type { ChatEvent } from '../chat/event.ts'
import type { ToolCall } from '../chat/message.ts'

/** Puts the pieces of tool calls together. */
export interface ToolCallAccumulator {
  push(piece: ToolCallPiece, cumulative: boolean, emit: (event: ChatEvent) => void): void
  /** No piece will follow. */
  finish(emit: (event: ChatEvent) => void): void
  /** The calls so far, in the order of their indexes. */
  toolCalls(): ToolCall[]
}

interface Call extends ToolCall {
  index: number
  /** How much of the arguments has been told; undefined before the call's start. */
  told?: number
}

/** Starts without any call. Pieces of several calls may be mixed, so a call ends only with the answer. */
export function createToolCallAccumulator(): ToolCallAccumulator {
  const calls: Call[] = []
  // Which call a piece of this index belongs to.
  const current = new Map<number, Call>()
  const ordered = () => calls.toSorted((a, b) => a.index - b.index)

  /** Another id is another call, also under an index that is taken: an answer may leave its indexes out. */
  function callOf({ index, id = '' }: ToolCallPiece): Call {
    const known = current.get(index)
    if (known && (id === '' || known.id === '' || known.id === id)) return known
    const call = (known && calls.find((other) => other.id === id)) ?? begin(index)
    current.set(index, call)
    return call
  }

  function begin(index: number): Call {
    const indexes = calls.map((other) => other.index)
    const free = indexes.includes(index) ? Math.max(...indexes) + 1 : index
    const call: Call = { index: free, id: '', name: '', arguments: '' }
    calls.push(call)
    return call
  }

  return {
    push(piece, cumulative, emit) {
      const { id, name, arguments: text = '' } = piece
      const call = callOf(piece)
      // Later pieces bring id and name as empty texts or not at all: the first that says something holds.
      call.id ||= id ?? ''
      call.name ||= name ?? ''
      call.arguments += cumulative ? continuation(call.arguments, text) : text
      if (call.name !== '' && (call.id !== '' || call.arguments !== '')) tell(call, emit)
    },
    finish(emit) {
      for (const call of ordered()) {
        tell(call, emit)
        emit({ type: 'tool-call-end', index: call.index, toolCall: plain(call) })
      }
    },
    toolCalls: () => ordered().map(plain),
  }
}

/** Emits what is new of a call. */
function tell(call: Call, emit: (event: ChatEvent) => void): void {
  const { index, id, name, arguments: text, told } = call
  if (told === undefined) emit({ type: 'tool-call-start', index, id, name })
  if (text.length > (told ?? 0)) emit({ type: 'tool-call-delta', index, delta: text.slice(told) })
  call.told = text.length
}

function plain({ id, name, arguments: text }: ToolCall): ToolCall {
  return { id, name, arguments: text }
}
