import { DualscopeError } from '../errors.ts'

/** Watches one call: its abort signal, the idle time of the service, and the total time. */
export interface Deadline {
  /** Aborts with the caller's signal, or with a `timeout` error as the reason. */
  readonly signal: AbortSignal
  /** Starts to count idle time. It counts only between these two calls, so a slow reader is never taken for a slow service. */
  startWaiting(): void
  /** Stops to count idle time. */
  stopWaiting(): void
  /** Restarts the idle time of a wait, when bytes of an upload move. */
  keepAlive(): void
  /** Counts idle time until the promise is settled. */
  whileWaiting<T>(promise: Promise<T>): Promise<T>
  /** Frees timers and listeners. */
  dispose(): void
}

/** The idle time of a call unless an option sets it, in ms. */
export const defaultTimeout = 300_000

// Timers overflow after 24 days, so treat longer limits as unlimited.
const longest = 2 ** 31 - 1

/** Starts the clocks of a call. Limits are in ms. */
export function startDeadline(limits: {
  signal?: AbortSignal | undefined
  timeout: number
  totalTimeout?: number | undefined
}): Deadline {
  const controller = new AbortController()
  const { signal, timeout, totalTimeout = Infinity } = limits
  const abort = () => controller.abort(signal?.reason)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })

  const expire = (limit: number, what: string) =>
    controller.abort(new DualscopeError('timeout', `No ${what} within ${limit} ms`))
  const total =
    totalTimeout > longest ? undefined : setTimeout(() => expire(totalTimeout, 'whole answer'), totalTimeout)

  // One timer serves all waits: it checks the clock when it fires, instead of being set anew for every read.
  let since: number | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastChance = false

  function check(): void {
    timer = undefined
    if (since === undefined) return
    const left = since + timeout - performance.now()
    if (left > 0) {
      lastChance = false
      timer = setTimeout(check, Math.min(left, longest))
    } else if (lastChance) {
      expire(timeout, 'sign of the service')
    } else {
      // The event loop may have been busy while bytes wait in the socket: let it read them first.
      lastChance = true
      timer = setTimeout(check, 0)
    }
  }

  function startWaiting(): void {
    since = performance.now()
    timer ??= setTimeout(check, Math.min(timeout, longest))
  }

  function stopWaiting(): void {
    since = undefined
    lastChance = false
  }

  return {
    signal: controller.signal,
    startWaiting,
    stopWaiting,
    keepAlive() {
      if (since !== undefined) since = performance.now()
    },
    async whileWaiting(promise) {
      startWaiting()
      try {
        return await promise
      } finally {
        stopWaiting()
      }
    },
    dispose() {
      clearTimeout(total)
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}
