/** An iterator that has to be loaded. */
export interface LateIterator<T, Ready> {
  next: () => Promise<IteratorResult<T, unknown>>
  return: () => Promise<IteratorResult<T, unknown>>
  /** Makes the iterator of what was loaded, if it is not made yet. */
  become: (ready: Ready) => AsyncIterator<T, unknown>
}

/** What an iterator is made of. */
export interface LateIteration<Ready> {
  /** Called with pulls before it is loaded, so that what it will wait for is under way meanwhile. */
  begin: () => unknown
  /** Gives the same promise each time, so that those who wait for it go on in their order. */
  load: () => Promise<Ready>
  /** Called when the iterator is left: ends what it would wait for, which may not have reached it yet. */
  close: () => void
}

/** An iterator that is loaded with its first pull. */
export function lateIterator<T, Ready>(
  { begin, load, close }: LateIteration<Ready>,
  make: (ready: Ready) => AsyncIterator<T, unknown>,
): LateIterator<T, Ready> {
  let iterator: AsyncIterator<T, unknown> | undefined
  let left = false

  function become(ready: Ready): AsyncIterator<T, unknown> {
    if (!iterator) {
      iterator = make(ready)
      if (left) void iterator.return?.()
    }
    return iterator
  }

  /** What cannot be loaded is told once, as a generator tells what ends it. */
  function failed(error: unknown): IteratorResult<T, unknown> {
    if (left) return { done: true, value: undefined }
    left = true
    throw error
  }

  return {
    async return() {
      left = true
      const leaving = iterator?.return?.()
      close()
      await leaving
      return { done: true, value: undefined }
    },
    next() {
      if (iterator) return iterator.next()
      if (left) return Promise.resolve({ done: true, value: undefined })
      begin()
      return load().then((ready) => become(ready).next(), failed)
    },
    become,
  }
}
