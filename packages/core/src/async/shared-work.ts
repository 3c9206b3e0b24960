import { abortable } from './abort.ts'

/** Work that is done once for several waiters. */
export interface SharedWork<T> {
  /**
   * Waits for the result. Aborting the signal ends this wait with the signal's reason, and the work when no one waits
   * for it any more.
   */
  join(signal: AbortSignal): Promise<T>
}

/** Starts work whose signal aborts once its last waiter has left early; `onAbandon` is called first. */
export function shareWork<T>(start: (signal: AbortSignal) => Promise<T>, onAbandon: () => void): SharedWork<T> {
  const controller = new AbortController()
  const work = start(controller.signal)
  let settled = false
  const settle = () => {
    settled = true
  }
  // Also handles the rejection of abandoned work.
  work.then(settle, settle)
  let waiters = 0

  return {
    async join(signal) {
      waiters += 1
      try {
        return await abortable(work, signal)
      } finally {
        waiters -= 1
        if (waiters === 0 && !settled) {
          onAbandon()
          controller.abort(signal.reason)
        }
      }
    },
  }
}
