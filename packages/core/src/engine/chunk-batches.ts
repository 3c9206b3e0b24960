import type { Batch } from './answer.ts'
import type { Batches, Sink } from './batches.ts'
import type { OpenCall } from './call.ts'
import type { ChatChunk } from '../chunk.ts'

/**
 * The chunks of a call in batches, one for each read of the network; the call is made with the first. Whoever closes them while
 * a read is in flight does not wait for it: the controller makes it end.
 */
export function chunkBatches(makeCall: (controller: AbortController) => Promise<OpenCall>): Batches<ChatChunk> {
  const controller = new AbortController()
  let opening: Promise<OpenCall> | undefined
  let over = false

  function reads<R>(sink: Sink<ChatChunk, R>): () => Promise<R> {
    let call: OpenCall | undefined
    let readRest: (() => Promise<R>) | undefined
    let broken: Batch | undefined

    async function first(): Promise<R> {
      try {
        call = await (opening ??= makeCall(controller))
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
      return batch.chunks.length > 0 ? sink.take(batch.chunks) : next()
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
    async close() {
      over = true
      controller.abort()
      // A call that does not open has nothing to close.
      const call = await opening?.catch(() => undefined)
      await call?.close()
    },
  }
}
