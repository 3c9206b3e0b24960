import type { CallOptions } from '../chat/request.ts'

/** What is left of a call that is made in parts: its options with the rest of the total time, or undefined without any. */
export type TimeBudget = () => CallOptions | undefined

/** Starts the clock of a call that may need several. */
export function startTimeBudget(options: CallOptions = {}): TimeBudget {
  const { totalTimeout } = options
  if (totalTimeout === undefined) return () => options
  const start = performance.now()
  let first = true
  return () => {
    // The first part gets the number as it is, so that a wrong one is refused as it was given.
    if (first) {
      first = false
      return options
    }
    const left = totalTimeout - (performance.now() - start)
    return left > 0 ? { ...options, totalTimeout: left } : undefined
  }
}
