import type { Batches } from './batches.ts'
import { once } from '../once.ts'
import { lateIterator } from '../stream/late-iterator.ts'
import { loadStreaming } from '../stream/load-streaming.ts'

const key = Symbol.for('dualscope.batches')

/** A source of batches that can be begun before what reads it is loaded. */
export interface LateBatches<T> {
  /** Opens the source, if it is not open yet. */
  begin: () => unknown
  /** Loads what reads it. */
  batches: () => Promise<Batches<T>>
  /** Closes the source, also where nothing reads it yet; never rejects. */
  close: () => Promise<void>
}

/**
 * Items of a stream in the batches in which they come, one for each read of the network: whoever reads them so waits once
 * a read instead of once an item.
 */
export interface BatchedStream<T> extends AsyncIterable<T> {
  [key](): LateBatches<T>
}

/** Makes a stream of items out of a source of batches, which each reader has opened anew. */
export function batchedStream<T>(open: () => LateBatches<T>): BatchedStream<T> {
  return {
    [key]: open,
    [Symbol.asyncIterator]() {
      const { begin, batches, close } = open()
      const load = once(async () => {
        try {
          const { oneByOne } = await loadStreaming()
          return oneByOne(await batches())
        } catch (error) {
          void close()
          throw error
        }
      })
      return lateIterator({ begin, load, close: () => void close() }, (ready) => ready)
    },
  }
}

/** The batches of any stream; of one that knows none, each item is a batch of its own. */
export function batchesOf<T>(items: AsyncIterable<T>): LateBatches<T> {
  if (isBatched(items)) return items[key]()
  const iterator = items[Symbol.asyncIterator]()
  let ahead: Promise<IteratorResult<T>> | undefined

  function next(): Promise<IteratorResult<T>> {
    const step = ahead ?? iterator.next()
    ahead = undefined
    return step
  }

  const close = once(async () => {
    try {
      await iterator.return?.()
    } catch {
      // Nobody reads any more who could be told.
    }
  })

  return {
    begin() {
      // Some are written without promises.
      ahead = Promise.resolve(iterator.next())
      // Its failure is told by the read that takes it.
      ahead.catch(() => undefined)
    },
    async batches() {
      const { inBatchesOfOne } = await loadStreaming()
      return inBatchesOfOne(next, close)
    },
    close,
  }
}

function isBatched<T>(items: AsyncIterable<T>): items is BatchedStream<T> {
  return key in items
}
