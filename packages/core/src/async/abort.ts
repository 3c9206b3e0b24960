/**
 * A generator whose consumer may leave while a pull is in flight: a generator alone would have the leaving wait until
 * that pull is over, with its connection open. `interrupt` makes the pull end.
 */
export function interruptible<T>(
  generator: AsyncGenerator<T, void, undefined>,
  interrupt: () => unknown,
): AsyncIterableIterator<T, void, undefined> {
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    next: () => generator.next(),
    async return() {
      interrupt()
      return generator.return()
    },
  }
}

/** A signal that aborts with the caller's, if there is one, and with our own. */
export function anyOf(callers: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  return callers === undefined ? own : AbortSignal.any([callers, own])
}
