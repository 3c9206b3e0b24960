import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import type { ChatEvent } from '@dualscope/core'

import { toToolCallId } from './answer.ts'
import { createJsonGate, type JsonGate } from './json-gate.ts'

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
  gate: JsonGate | undefined
  started: boolean
}

/** Starts a writer. With `json`, only the JSON of a text is shown. */
export function createPartWriter({ json }: { json: boolean }): PartWriter {
  let block: Block | undefined
  let blocks = 0
  // The ids of the calls that are open, by index.
  const calls = new Map<number, string>()

  function writeDelta(kind: Block['kind'], delta: string): Part[] {
    const parts: Part[] = block?.kind === kind ? [] : endBlock()
    if (!block) {
      const gate = json && kind === 'text' ? createJsonGate() : undefined
      block = { kind, id: `${kind}-${blocks}`, gate, started: false }
      blocks += 1
    }
    return [...parts, ...show(block, block.gate ? block.gate.push(delta) : delta)]
  }

  function show(current: Block, delta: string): Part[] {
    if (delta === '') return []
    const { kind, id, started } = current
    current.started = true
    return [...(started ? [] : [{ type: `${kind}-start` as const, id }]), { type: `${kind}-delta` as const, id, delta }]
  }

  function endBlock(): Part[] {
    if (!block) return []
    const last = show(block, block.gate?.flush() ?? '')
    const end: Part[] = block.started ? [{ type: `${block.kind}-end`, id: block.id }] : []
    block = undefined
    return [...last, ...end]
  }

  function startCall(index: number, id: string, toolName: string): Part[] {
    const toolCallId = toToolCallId(id)
    calls.set(index, toolCallId)
    return [...endBlock(), { type: 'tool-input-start', id: toolCallId, toolName }]
  }

  function endCall(index: number): Part[] {
    const id = calls.get(index)
    if (id === undefined) return []
    calls.delete(index)
    return [{ type: 'tool-input-end', id }]
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
        const id = calls.get(event.index)
        return id === undefined ? [] : [{ type: 'tool-input-delta', id, delta: event.delta }]
      }
      case 'tool-call-end': {
        const { name: toolName, arguments: input } = event.toolCall
        const toolCallId = calls.get(event.index) ?? event.toolCall.id
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
