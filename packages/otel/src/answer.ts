import type { ChatChunk, ToolCall } from '@dualscope/core'

/** The facts of an answer that its chunks have stated so far. */
export type AnswerFacts = Pick<
  ChatChunk,
  'id' | 'requestId' | 'model' | 'protocol' | 'finishReason' | 'rawFinishReason' | 'usage'
>

/** The content of an answer so far. */
export interface AnswerContent {
  text: string
  reasoning: string
  toolCalls: ToolCall[]
}

/** Collects an answer from its chunks, as the client does. */
export interface Answer {
  take(chunk: ChatChunk): void
  facts(): AnswerFacts
  content(): AnswerContent
}

/** Creates an empty answer, which collects content only if `keepsContent`. */
export function createAnswer(keepsContent: boolean): Answer {
  let facts: AnswerFacts = {}
  let hasToolCalls = false
  let text = ''
  let reasoning = ''
  let calls = new Map<number, ToolCall>()

  function restart(): void {
    facts = {}
    hasToolCalls = false
    text = ''
    reasoning = ''
    calls = new Map()
  }

  function keepContent({ cumulative, ...chunk }: ChatChunk): void {
    const append = cumulative ? longer : concatenate
    text = append(text, chunk.text ?? '')
    reasoning = append(reasoning, chunk.reasoning ?? '')
    for (const piece of chunk.toolCalls ?? []) {
      const call = calls.get(piece.index) ?? { id: '', name: '', arguments: '' }
      calls.set(piece.index, {
        id: call.id || (piece.id ?? ''),
        name: call.name || (piece.name ?? ''),
        arguments: append(call.arguments, piece.arguments ?? ''),
      })
    }
  }

  return {
    take(chunk) {
      if (chunk.restart) restart()
      if (keepsContent) keepContent(chunk)
      hasToolCalls ||= Boolean(chunk.toolCalls?.length)
      facts = {
        id: facts.id || chunk.id,
        requestId: facts.requestId || chunk.requestId,
        model: facts.model || chunk.model,
        protocol: facts.protocol || chunk.protocol,
        finishReason: chunk.finishReason ?? facts.finishReason,
        rawFinishReason: chunk.rawFinishReason || facts.rawFinishReason,
        usage: chunk.usage ?? facts.usage,
      }
    },
    // The service may end a forced call with "stop".
    facts: () => (hasToolCalls && facts.finishReason === 'stop' ? { ...facts, finishReason: 'tool-calls' } : facts),
    content: () => ({ text, reasoning, toolCalls: [...calls.values()] }),
  }
}

function concatenate(before: string, piece: string): string {
  return before + piece
}

/** A cumulative piece repeats what came before it, or is empty where it has nothing new. */
function longer(before: string, whole: string): string {
  return whole.length > before.length ? whole : before
}
