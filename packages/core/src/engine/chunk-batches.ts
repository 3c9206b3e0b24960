import type { Batch } from '../transport/answer.ts'
import type { Batches, Sink } from './batches.ts'
import type { OpenCall } from '../transport/call.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { LateCall } from './late-call.ts'

/** The chunks of a call in batches, one for each read of the network; the call is made with the first, if not before. */
export function chunkBatches({ begin, close }: Pick<LateCall, 'begin' | 'close'>): Batches<ChatChunk> {
  let over = false

  function reads<R>(sink: Sink<ChatChunk, R>): () => Promise<R> {
    let call: OpenCall | undefined
    let readRest: (() => Promise<R>) | undefined
    let broken: Batch | undefined

    async function first(): Promise<R> {
      try {
        call = await begin()
      } catch (error) {
        over = true
        return sink.fail(error)
      }
      readRest = call.rest?.reads(pass)
      return pass(call.first)
    }

    function pass(batch: Batch | undefined): R | Promise<R> {
      if (!batch) return end()
      // What came before a refusal is passed on first.
      if (batch.refusal || batch.failure) broken = batch
      const { chunks } = batch
      // The call holds its first batch to its end, which may hold hundreds of chunks.
      batch.chunks = []
      return chunks.length > 0 ? sink.take(chunks) : next()
    }

    async function end(): Promise<R> {
      over = true
      await call?.close()
      return sink.end()
    }

    async function fail(batch: Batch): Promise<R> {
      over = true
      await call?.close()
      return sink.fail(await call?.explain(batch))
    }

    function next(): Promise<R> {
      if (over) return Promise.resolve(sink.end())
      if (broken) return fail(broken)
      if (readRest) return readRest()
      return call ? end() : first()
    }

    return next
  }

  return {
    reads,
    // Whoever leaves does not wait for the read in flight: the call's controller makes it end.
    close() {
      over = true
      return close()
    },
  }
}
