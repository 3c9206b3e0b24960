import type { Batch } from './answer.ts'
import type { Batches } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import type { WireFault } from '../codec.ts'
import type { Deadline } from './deadline.ts'
import type { OpenAnswer } from './exchange.ts'
import { redactError } from './redact.ts'

/** The chunks of an answer that has begun, a batch for each read. With its end, or its failure, the call is over. */
export function readOn(
  { first, answer, refuse }: OpenAnswer,
  { deadline, key }: { deadline: Deadline; key: string },
): Batches<ChatChunk> {
  let ahead: Batch | undefined = first
  let fault: WireFault | undefined
  let over = false

  async function close(): Promise<void> {
    over = true
    deadline.end()
    await answer.close()
  }

  return {
    async next() {
      try {
        while (!over) {
          // What came before a refusal is passed on first.
          if (fault) throw refuse(fault)
          const batch = ahead ?? (await answer.next())
          ahead = undefined
          if (!batch) break
          fault = batch.fault
          if (batch.chunks.length > 0) return { done: false, value: batch.chunks }
        }
      } catch (error) {
        await close()
        throw redactError(error, key)
      }
      await close()
      return { done: true, value: undefined }
    },
    async return() {
      await close()
      return { done: true, value: undefined }
    },
  }
}
