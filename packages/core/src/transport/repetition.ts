import { saysSomething, type ChatChunk } from '../chat/chunk.ts'
import type { Codec } from '../codec.ts'
import { modelInfo, repeatingModels } from '../models/catalogue.ts'

type Batches = AsyncGenerator<ChatChunk[], void, undefined>

/** Marks frames that repeat all that came before, for models that are known to repeat and for those that may. */
export function markRepetition(batches: Batches, model: string, codec: Codec): Batches {
  if (repeatingModels.has(model)) return markAll(batches)
  return codec.mayRepeat && !modelInfo(model) ? detect(batches) : batches
}

async function* markAll(batches: Batches): Batches {
  for await (const batch of batches) yield batch.map((chunk) => ({ ...chunk, cumulative: true }))
}

async function* detect(batches: Batches): Batches {
  const detector = createRepetitionDetector()
  try {
    for await (const batch of batches) {
      const released = batch.flatMap((chunk) => (chunk.cumulative ? [chunk] : detector.push(chunk)))
      if (released.length > 0) yield released
    }
  } catch (error) {
    const held = detector.end()
    if (held.length > 0) yield held
    throw error
  }
  const held = detector.end()
  if (held.length > 0) yield held
}

/** Finds out whether the frames of a stream repeat all that came before. */
export interface RepetitionDetector {
  /** Returns the chunks that can be passed on, marked as cumulative if the frames repeat. */
  push(chunk: ChatChunk): ChatChunk[]
  /** Returns what was held back when the stream ends before that is certain. */
  end(): ChatChunk[]
}

const leastFrames = 3
const leastLength = 16
// A model that repeats grows beyond 16 characters long before this.
const mostHeld = 64

/**
 * Some models repeat the whole text in each frame although increments were requested, as `qwen-mt-plus` does. For a model that
 * the catalogue does not know, the evidence decides: at least three frames and 16 characters, each frame beginning with
 * everything before it. Until then the frames after the first are held back, never shown twice and never lost.
 */
export function createRepetitionDetector(): RepetitionDetector {
  let repeats: boolean | undefined
  let frames = 0
  let text = ''
  let reasoning = ''
  let first: ChatChunk | undefined
  let held: ChatChunk[] = []

  function continues(chunk: ChatChunk): boolean {
    return !chunk.toolCalls && (chunk.text ?? '').startsWith(text) && (chunk.reasoning ?? '').startsWith(reasoning)
  }

  function decide(isRepeating: boolean): ChatChunk[] {
    repeats = isRepeating
    const released = isRepeating ? held.map(mark) : held
    held = []
    return released
  }

  return {
    push(chunk) {
      if (repeats !== undefined) return [repeats ? mark(chunk) : chunk]
      if (!saysSomething(chunk)) return first ? hold(chunk) : [chunk]
      if (!first) {
        first = chunk
        frames = 1
        text = chunk.text ?? ''
        reasoning = chunk.reasoning ?? ''
        return [chunk]
      }
      if (!continues(chunk)) return [...decide(false), chunk]
      frames += 1
      text = chunk.text ?? ''
      reasoning = chunk.reasoning ?? ''
      if (frames >= leastFrames && text.length + reasoning.length >= leastLength) return [...decide(true), mark(chunk)]
      return held.length < mostHeld ? hold(chunk) : [...decide(false), chunk]
    },
    end: () => decide(false),
  }

  function hold(chunk: ChatChunk): ChatChunk[] {
    held.push(chunk)
    return []
  }
}

function mark(chunk: ChatChunk): ChatChunk {
  return { ...chunk, cumulative: true }
}
