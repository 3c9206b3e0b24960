import type { Batch } from './answer.ts'
import type { Batches } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import type { Deadline } from './deadline.ts'
import type { OpenAnswer } from './exchange.ts'
import { redactError } from './redact.ts'

type Step = IteratorResult<readonly ChatChunk[], void>

/** The chunks of an answer that has begun, a batch for each read. With its end, or its failure, the call is over. */
export function readOn(
  { first, answer, refuse }: OpenAnswer,
  { deadline, key }: { deadline: Deadline; key: string },
): Batches<ChatChunk> {
  let ahead: Batch | undefined = first
  let failure: { error: unknown } | undefined
  let over = false

  async function close(): Promise<Step> {
    over = true
    deadline.end()
    await answer.close()
    return { done: true, value: undefined }
  }

  async function fail(error: unknown): Promise<never> {
    await close()
    throw redactError(error, key)
  }

  // No async functions: a read of the network costs one promise here.
  function next(): Promise<Step> {
    if (over) return Promise.resolve({ done: true, value: undefined })
    // What came before a refusal is passed on first.
    if (failure) return fail(failure.error)
    if (!ahead) return answer.next().then(pass, fail)
    const step = pass(ahead)
    ahead = undefined
    return Promise.resolve(step)
  }

  function pass(batch: Batch | undefined): Step | Promise<Step> {
    if (!batch) return close()
    failure = batch.fault ? { error: refuse(batch.fault) } : batch.failure
    return batch.chunks.length > 0 ? { done: false, value: batch.chunks } : next()
  }

  return { next, return: close }
}
