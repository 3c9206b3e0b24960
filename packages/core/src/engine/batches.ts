/** What becomes of a read: each resolves it. */
export interface Sink<T, R> {
  /** Items came. */
  take(items: readonly T[]): R
  /** The stream is over. */
  end(): R
  /** It broke; nothing follows. */
  fail(error: unknown): R
}

/** A source of batches, which is read once, by one reader. */
export interface Batches<T> {
  /**
   * Makes what reads the next batch: it hands it to the sink and resolves to what the sink makes of it. Nothing is awaited
   * in between, so that a read of the network costs one promise from the body up to here.
   */
  reads<R>(sink: Sink<T, R>): () => Promise<R>
  /** Closes the source, also while a read is in flight; never rejects. */
  close(): Promise<void>
}

/** Items that come one by one, each as a batch of its own. */
export function inBatchesOfOne<T>(next: () => Promise<IteratorResult<T>>, close: () => Promise<void>): Batches<T> {
  return {
    reads: (sink) => async () => {
      let step: IteratorResult<T>
      try {
        step = await next()
      } catch (error) {
        return sink.fail(error)
      }
      return step.done ? sink.end() : sink.take([step.value])
    },
    close,
  }
}

/** The items of batches, which come one by one. */
export function oneByOne<T>(batches: Batches<T>): AsyncIterator<T, undefined> {
  let rest: readonly T[] = []
  let position = 0
  let over = false
  // Whoever asks again before the first answer waits for the same batch.
  let reading: Promise<void> | undefined
  const read = batches.reads<void>({
    take(items) {
      if (over) return
      rest = items
      position = 0
    },
    end() {
      over = true
    },
    fail(error) {
      over = true
      throw error
    },
  })
  return {
    async next() {
      while (position === rest.length) {
        if (!over) await (reading ??= read().finally(() => (reading = undefined)))
        if (over) return { done: true, value: undefined }
      }
      position += 1
      return { done: false, value: rest[position - 1] as T }
    },
    async return() {
      position = rest.length
      over = true
      await batches.close()
      return { done: true, value: undefined }
    },
  }
}
