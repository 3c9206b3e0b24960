const key = Symbol.for('dualscope.batches')

/**
 * Items of a stream in the batches in which they come, one for each read of the network: whoever reads them so waits once
 * a read instead of once an item.
 */
export interface BatchedStream<T> extends AsyncIterable<T> {
  [key](): AsyncIterator<readonly T[], void, undefined>
}

/** Makes a stream of items out of a source of batches, which is opened once. */
export function batchedStream<T>(open: () => AsyncIterator<readonly T[], void, undefined>): BatchedStream<T> {
  return { [key]: open, [Symbol.asyncIterator]: () => oneByOne(open()) }
}

/** The batches of any stream; one that knows none gives each item as a batch of its own. */
export function batchesOf<T>(items: AsyncIterable<T>): AsyncIterator<readonly T[], void, undefined> {
  return isBatched(items) ? items[key]() : inBatchesOfOne(items[Symbol.asyncIterator]())
}

function isBatched<T>(items: AsyncIterable<T>): items is BatchedStream<T> {
  return key in items
}

function inBatchesOfOne<T>(items: AsyncIterator<T>): AsyncIterator<readonly T[], void, undefined> {
  return {
    async next() {
      const step = await items.next()
      return step.done ? { done: true, value: undefined } : { done: false, value: [step.value] }
    },
    async return() {
      await items.return?.()
      return { done: true, value: undefined }
    },
  }
}

function oneByOne<T>(batches: AsyncIterator<readonly T[], void, undefined>): AsyncIterator<T, void, undefined> {
  let rest: readonly T[] = []
  let position = 0
  return {
    async next() {
      while (position === rest.length) {
        const step = await batches.next()
        if (step.done) return { done: true, value: undefined }
        rest = step.value
        position = 0
      }
      position += 1
      return { done: false, value: rest[position - 1] as T }
    },
    async return() {
      position = rest.length
      await batches.return?.()
      return { done: true, value: undefined }
    },
  }
}
