/** An iterator of which the making has to be waited for. */
export interface LateIterator<T, Ready> {
  next: () => Promise<IteratorResult<T, unknown>>
  return: () => Promise<IteratorResult<T, unknown>>
  /** Makes the iterator, if it is not made yet. */
  become: (ready: Ready) => AsyncIterator<T, unknown>
}

/**
 * An iterator that is made with the first step, of what is loaded then; `begin` is called before, with the first pull, so that
 * what the iterator waits for is under way meanwhile.
 */
export function lateIterator<T, Ready>(
  begin: () => unknown,
  load: () => Promise<Ready>,
  make: (ready: Ready) => AsyncIterator<T, unknown>,
): LateIterator<T, Ready> {
  let iterator: AsyncIterator<T, unknown> | undefined
  const become = (ready: Ready) => (iterator ??= make(ready))

  return {
    next() {
      if (iterator) return iterator.next()
      begin()
      return load().then((ready) => become(ready).next())
    },
    async return() {
      await (iterator ?? become(await load())).return?.()
      return { done: true, value: undefined }
    },
    become,
  }
}
