import { DualscopeError, type TransportCallOptions } from '@dualscope/core'

import { delay } from './delay.ts'

function totalError(): DualscopeError {
  return new DualscopeError('timeout', 'No whole answer within the total time')
}

/** The signal and the total time of a call. */
export type CallClock = ReturnType<typeof startClock>

/** Watches the signal and the total time of a call with all its attempts. */
export function startClock(callOptions: TransportCallOptions) {
  const { signal: caller, totalTimeout } = callOptions
  const end = totalTimeout === undefined ? undefined : performance.now() + totalTimeout
  const timeLeft = () => (end === undefined ? Number.POSITIVE_INFINITY : end - performance.now())

  function waitSignal(maxWait = Number.POSITIVE_INFINITY) {
    const controller = new AbortController()
    const left = timeLeft()
    const time = Math.min(left, maxWait)
    const expire = () => {
      const tooLong = new DualscopeError(
        'rate-limit',
        `No turn within ${maxWait} ms (maxWait); raise it, or start fewer calls`,
      )
      controller.abort(left <= maxWait ? totalError() : tooLong)
    }
    // Timers overflow after 24 days.
    const timer = time < 2 ** 31 ? setTimeout(expire, time) : undefined
    const signal = caller ? AbortSignal.any([caller, controller.signal]) : controller.signal
    return { signal, dispose: () => clearTimeout(timer) }
  }

  return {
    waitSignal,
    /** Returns the options of the next attempt, which has no retries of its own. */
    remaining(): TransportCallOptions {
      const options = { ...callOptions, retries: 0 }
      if (end === undefined) return options
      if (timeLeft() <= 0) throw totalError()
      return { ...options, totalTimeout: timeLeft() }
    },
    async pause(milliseconds: number): Promise<void> {
      const stop = waitSignal()
      try {
        await delay(milliseconds, stop.signal)
      } finally {
        stop.dispose()
      }
    },
  }
}
