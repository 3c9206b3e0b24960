import type { CallOptions } from '../chat/request.ts'

/** Returns the options of a call with its remaining total time, or undefined if it is over. */
export type TimeBudget = () => CallOptions | undefined

/** Starts the clock of a call that may consist of several. */
export function startTimeBudget(options: CallOptions = {}): TimeBudget {
  const { totalTimeout } = options
  if (totalTimeout === undefined) return () => options
  const start = performance.now()
  let first = true
  return () => {
    // The first part gets the number as it is, so that an error about it shows what the caller passed.
    if (first) {
      first = false
      return options
    }
    const left = totalTimeout - (performance.now() - start)
    return left > 0 ? { ...options, totalTimeout: left } : undefined
  }
}
