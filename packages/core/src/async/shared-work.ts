/** Work that is done once for all who wait for it. */
export interface SharedWork<T> {
  /** Waits with the others. An abort ends this waiting with the signal's reason, and the work once nobody waits for it. */
  join(signal: AbortSignal): Promise<T>
}

/** Starts work whose signal aborts when the last of its waiters has gone before the end; `onAbandoned` is told first. */
export function shareWork<T>(start: (signal: AbortSignal) => Promise<T>, onAbandoned: () => void): SharedWork<T> {
  const controller = new AbortController()
  const work = start(controller.signal)
  let over = false
  const end = () => {
    over = true
  }
  // Also keeps the failure of abandoned work from being unhandled.
  work.then(end, end)
  let waiters = 0

  return {
    async join(signal) {
      let stop: (() => void) | undefined
      const aborted = new Promise<never>((_, reject) => {
        stop = () => reject(signal.reason)
        if (signal.aborted) stop()
        else signal.addEventListener('abort', stop, { once: true })
      })
      waiters += 1
      try {
        return await Promise.race([aborted, work])
      } finally {
        if (stop) signal.removeEventListener('abort', stop)
        waiters -= 1
        if (waiters === 0 && !over) {
          onAbandoned()
          controller.abort(signal.reason)
        }
      }
    },
  }
}
