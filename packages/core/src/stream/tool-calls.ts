import type { ToolCallPiece } from '../chat/chunk.ts'
import type { ChatEvent } from '../chat/event.ts'
import type { ToolCall } from '../chat/message.ts'
import { isJsonObject, parseJson } from '../json.ts'
import { newSuffix } from './cumulative.ts'
import { createWholeCharacters, type WholeCharacters } from './whole-characters.ts'

/** Puts the pieces of tool calls together. */
export interface ToolCallAccumulator {
  push(piece: ToolCallPiece, cumulative: boolean, emit: (event: ChatEvent) => void): void
  /** Emits the end of every call: no piece will follow. */
  finish(emit: (event: ChatEvent) => void): void
  /** The calls so far, in the order of their indexes. */
  toolCalls(): ToolCall[]
  /** The characters of all arguments so far. */
  length(): number
}

interface Call extends ToolCall {
  index: number
  started: boolean
  characters: WholeCharacters
}

/** Starts without any call. Pieces of several calls may be mixed, so a call ends only with the answer. */
export function createToolCallAccumulator(): ToolCallAccumulator {
  const calls: Call[] = []
  const byId = new Map<string, Call>()
  // The call that a piece of this index belongs to.
  const current = new Map<number, Call>()
  const taken = new Set<number>()
  let highest = -1
  let length = 0

  function sortCalls(): Call[] {
    return calls.toSorted((a, b) => a.index - b.index)
  }

  /** Another id is another call, also under an index that is taken: an answer may leave its indexes out. */
  function findCall({ index, id = '' }: ToolCallPiece): Call {
    const known = current.get(index)
    if (known && (id === '' || known.id === '' || known.id === id)) return known
    const call = (known && byId.get(id)) ?? begin(index)
    current.set(index, call)
    return call
  }

  function begin(index: number): Call {
    const free = taken.has(index) ? highest + 1 : index
    taken.add(free)
    highest = Math.max(highest, free)
    const call: Call = {
      index: free,
      id: '',
      name: '',
      arguments: '',
      started: false,
      characters: createWholeCharacters(),
    }
    calls.push(call)
    return call
  }

  return {
    push(piece, cumulative, emit) {
      const { id, name, arguments: text = '' } = piece
      const call = findCall(piece)
      // Later pieces bring id and name as empty texts or not at all: the first that is not empty holds.
      call.id ||= id ?? ''
      call.name ||= name ?? ''
      if (call.id !== '') byId.set(call.id, call)
      const delta = cumulative ? newSuffix(call.arguments, text) : isRepeated(call, text) ? '' : text
      call.arguments += delta
      length += delta.length
      if (call.started) emitDelta(call, call.characters.push(delta), emit)
      else if (call.name !== '' && (call.id !== '' || call.arguments !== '')) start(call, emit)
    },
    finish(emit) {
      for (const call of sortCalls()) {
        if (!call.started) start(call, emit)
        emitDelta(call, call.characters.end(), emit)
        emit({ type: 'tool-call-end', index: call.index, toolCall: toToolCall(call) })
      }
    },
    toolCalls: () => sortCalls().map(toToolCall),
    length: () => length,
  }
}

/**
 * Some gateways send all arguments once more at the end (opencode 12425, 9router 2869). Nothing can follow a whole object, so
 * that the same object again is never a continuation.
 */
function isRepeated({ arguments: before }: Call, text: string): boolean {
  return text !== '' && text === before && isJsonObject(parseJson(text))
}

function start(call: Call, emit: (event: ChatEvent) => void): void {
  const { index, id, name } = call
  call.started = true
  emit({ type: 'tool-call-start', index, id, name })
  emitDelta(call, call.characters.push(call.arguments), emit)
}

function emitDelta({ index }: Call, delta: string, emit: (event: ChatEvent) => void): void {
  if (delta !== '') emit({ type: 'tool-call-delta', index, delta })
}

function toToolCall({ id, name, arguments: text }: ToolCall): ToolCall {
  return { id, name, arguments: text }
}
