const key = Symbol.for('dualscope.batches')

/** A source of batches, which is read once. */
export type Batches<T> = AsyncIterator<readonly T[], void, undefined>

/**
 * Items of a stream in the batches in which they come, one for each read of the network: whoever reads them so waits once
 * a read instead of once an item.
 */
export interface BatchedStream<T> extends AsyncIterable<T> {
  [key](): Batches<T>
}

/** Makes a stream of items out of a source of batches, which is opened once. */
export function batchedStream<T>(open: () => Batches<T>): BatchedStream<T> {
  return { [key]: open, [Symbol.asyncIterator]: () => oneByOne(open()) }
}

/**
 * Batches of a source that opens with the first pull. Whoever leaves while a pull is in flight does not wait for it: the
 * controller makes it end.
 */
export function openedLater<T>(open: (controller: AbortController) => Promise<Batches<T>>): Batches<T> {
  const controller = new AbortController()
  let opening: Promise<Batches<T>> | undefined
  let opened: Batches<T> | undefined
  let left = false

  async function first(): Promise<IteratorResult<readonly T[], void>> {
    if (left) return { done: true, value: undefined }
    opened = await (opening ??= open(controller))
    return opened.next()
  }

  return {
    next: () => (opened ? opened.next() : first()),
    async return() {
      left = true
      controller.abort()
      // A source that does not open has nothing to close.
      const source = opened ?? (await opening?.catch(() => undefined))
      await source?.return?.()
      return { done: true, value: undefined }
    },
  }
}

/** The batches of any stream; one that knows none gives each item as a batch of its own. */
export function batchesOf<T>(items: AsyncIterable<T>): Batches<T> {
  return isBatched(items) ? items[key]() : inBatchesOfOne(items[Symbol.asyncIterator]())
}

function isBatched<T>(items: AsyncIterable<T>): items is BatchedStream<T> {
  return key in items
}

function inBatchesOfOne<T>(items: AsyncIterator<T>): Batches<T> {
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

function oneByOne<T>(batches: Batches<T>): AsyncIterator<T, void, undefined> {
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
