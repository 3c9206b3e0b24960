/** Waits for a time in ms. Rejects with the signal's reason if it aborts first. */
export async function delay(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const elapsed = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  try {
    await abortable(elapsed, signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Resolves like the promise, or rejects with the signal's reason if it aborts first. For work that ignores the signal. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** Combines the caller's signal, if there is one, with our own. */
export function anySignal(callers: AbortSignal | undefined, own: AbortSignal): AbortSignal {
  return callers === undefined ? own : AbortSignal.any([callers, own])
}

/** Whether a value can be combined with other signals. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  return value instanceof AbortSignal
}
