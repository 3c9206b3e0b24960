import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { ChatEvent } from '@dualscope/core'

import { toToolCallId } from './answer.ts'
import { createCharacterGate, type CharacterGate } from './character-gate.ts'
import { createJsonGate } from './json-gate.ts'

type Part = LanguageModelV4StreamPart

/** Makes the parts of the AI SDK from the events of an answer. */
export interface PartWriter {
  /** Returns the parts of an event. */
  write(event: ChatEvent): Part[]
  /** Returns the parts that end what is still open, also of an answer that broke. */
  end(): Part[]
}

interface Block {
  kind: 'text' | 'reasoning'
  id: string
  gate: CharacterGate
  started: boolean
}

interface Call {
  id: string
  gate: CharacterGate
}

/** Starts a writer. With `json`, only the JSON of a text is shown. */
export function createPartWriter({ json }: { json: boolean }): PartWriter {
  let block: Block | undefined
  let blocks = 0
  const calls = new Map<number, Call>()

  function writeDelta(kind: Block['kind'], delta: string): Part[] {
    const parts: Part[] = block?.kind === kind ? [] : endBlock()
    if (!block) {
      const gate = json && kind === 'text' ? chain(createJsonGate(), createCharacterGate()) : createCharacterGate()
      block = { kind, id: `${kind}-${blocks}`, gate, started: false }
      blocks += 1
    }
    return [...parts, ...show(block, block.gate.push(delta))]
  }

  function show(current: Block, delta: string): Part[] {
    if (delta === '') return []
    const { kind, id, started } = current
    current.started = true
    return [...(started ? [] : [{ type: `${kind}-start` as const, id }]), { type: `${kind}-delta` as const, id, delta }]
  }

  function endBlock(): Part[] {
    if (!block) return []
    const last = show(block, block.gate.flush())
    const end: Part[] = block.started ? [{ type: `${block.kind}-end`, id: block.id }] : []
    block = undefined
    return [...last, ...end]
  }

  function startCall(index: number, id: string, toolName: string): Part[] {
    const call = { id: toToolCallId(id), gate: createCharacterGate() }
    calls.set(index, call)
    return [...endBlock(), { type: 'tool-input-start', id: call.id, toolName }]
  }

  function writeInput({ id }: Call, delta: string): Part[] {
    return delta === '' ? [] : [{ type: 'tool-input-delta', id, delta }]
  }

  function endCall(index: number): Part[] {
    const call = calls.get(index)
    if (!call) return []
    calls.delete(index)
    return [...writeInput(call, call.gate.flush()), { type: 'tool-input-end', id: call.id }]
  }

  function write(event: ChatEvent): Part[] {
    switch (event.type) {
      case 'reasoning-delta':
        return writeDelta('reasoning', event.delta)
      case 'text-delta':
        return writeDelta('text', event.delta)
      case 'tool-call-start':
        return startCall(event.index, event.id, event.name)
      case 'tool-call-delta': {
        const call = calls.get(event.index)
        return call ? writeInput(call, call.gate.push(event.delta)) : []
      }
      case 'tool-call-end': {
        const { name: toolName, arguments: input } = event.toolCall
        const toolCallId = calls.get(event.index)?.id ?? event.toolCall.id
        return [...endCall(event.index), { type: 'tool-call', toolCallId, toolName, input }]
      }
      case 'finish':
      // Only with `resume`, which this provider does not use.
      case 'restart':
        return []
    }
  }

  return { write, end: () => [...endBlock(), ...[...calls.keys()].flatMap(endCall)] }
}

function chain(first: CharacterGate, second: CharacterGate): CharacterGate {
  return {
    push: (delta) => second.push(first.push(delta)),
    flush: () => second.push(first.flush()) + second.flush(),
  }
}
