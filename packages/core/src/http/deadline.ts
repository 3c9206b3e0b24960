import { DualscopeError } from '../errors.ts'

/** Watches one call: its abort signal, the silence of the service, and the call's whole time. */
export interface Deadline {
  /** Aborted by the caller's signal, or by a timeout with a `timeout` error as its reason. */
  readonly signal: AbortSignal
  /** The service is waited for from now on: only then silence counts, so a slow reader is never taken for a slow service. */
  wait(): void
  /** It has spoken. */
  rest(): void
  /** Something moved while the service is waited for (bytes of an upload): its silence begins anew. */
  alive(): void
  /** Waits for the service until the promise is settled. */
  waiting<T>(promise: Promise<T>): Promise<T>
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

  function wait(): void {
    since = performance.now()
    silence ??= setTimeout(check, Math.min(timeout, longest))
  }

  function rest(): void {
    since = undefined
  }

  return {
    signal: controller.signal,
    wait,
    rest,
    async waiting(promise) {
      wait()
      try {
        return await promise
      } finally {
        rest()
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
export function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    void promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
