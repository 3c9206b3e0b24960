import { DualscopeError } from '../errors.ts'

/** Watches one call: its abort signal, the silence of the service, and the call's whole time. */
export interface Deadline {
  /** Aborted by the caller's signal, or by a timeout with a `timeout` error as its reason. */
  readonly signal: AbortSignal
  /** Waits for the service: only meanwhile silence counts, so a slow reader is never taken for a slow service. */
  waiting<T>(promise: Promise<T>): Promise<T>
  /** Something moved while the service is waited for (bytes of an upload): its silence begins anew. */
  alive(): void
  /** Frees timers and listeners. */
  end(): void
}

// Longer delays overflow a timer, which then fires at once.
const longest = 2 ** 31 - 1

/** Starts the clocks of a call; limits are in ms. Its signal is that of the controller, which others may abort too. */
export function startDeadline(
  limits: { signal?: AbortSignal | undefined; timeout: number; totalTimeout?: number | undefined },
  controller: AbortController = new AbortController(),
): Deadline {
  const { signal, timeout, totalTimeout = Infinity } = limits
  const abort = () => controller.abort(signal?.reason)
  if (signal?.aborted) abort()
  else signal?.addEventListener('abort', abort, { once: true })

  const expire = (limit: number, what: string) =>
    controller.abort(new DualscopeError('timeout', `No ${what} within ${limit} ms`))
  // Nobody waits 24 days: a longer limit is none.
  const total =
    totalTimeout > longest ? undefined : setTimeout(() => expire(totalTimeout, 'whole answer'), totalTimeout)

  // One timer for all waits: it looks at the clock when it fires, instead of being set anew for every read.
  let since: number | undefined
  let silence: ReturnType<typeof setTimeout> | undefined
  const check = () => {
    silence = undefined
    if (since === undefined) return
    const left = since + timeout - performance.now()
    if (left <= 0) expire(timeout, 'sign of the service')
    else silence = setTimeout(check, Math.min(left, longest))
  }

  return {
    signal: controller.signal,
    async waiting(promise) {
      since = performance.now()
      silence ??= setTimeout(check, Math.min(timeout, longest))
      try {
        return await promise
      } finally {
        since = undefined
      }
    },
    alive() {
      if (since !== undefined) since = performance.now()
    },
    end() {
      clearTimeout(total)
      clearTimeout(silence)
      signal?.removeEventListener('abort', abort)
    },
  }
}

/** Waits, unless the signal aborts first: then it rejects with the signal's reason. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds)
  })
  try {
    await unlessAborted(over, signal)
  } finally {
    clearTimeout(timer)
  }
}

/** What a promise gives, unless the signal aborts first: for what does not listen to the signal itself. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([aborted, promise])
  } finally {
    if (stop) signal.removeEventListener('abort', stop)
  }
}
