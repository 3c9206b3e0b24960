import type { ChatChunk } from '../chat/chunk.ts'
import type { Codec } from '../codec.ts'
import { modelInfo, repeatingModels } from '../models/catalogue.ts'
import { createRepetitionDetector } from '../stream/repetition.ts'

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
