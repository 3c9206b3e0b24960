/** The pace of requests that a service has shown to allow. Times are in ms. */
export interface Pace {
  /** Returns how long the next request has to wait. */
  untilNext(): number
  /** Counts a request that starts now, and returns the time. */
  start(): number
  /** Records that a request was answered. */
  answered(): void
  /** Records that a request, which started at a time, was throttled; `retryAfter` is the pause that the service requires. */
  throttled(start: number, retryAfter: number | undefined): void
  /** Whether the service has throttled everything for ten minutes. */
  isHopeless(): boolean
}

const minute = 60_000
const pauses = { first: 500, longest: 30_000 }
const patience = 10 * minute
/** A tenth below what the service allowed, then 0.2 % more with each answer, so that about one request in fifty is throttled. */
const steps = { below: 0.9, rise: 0.998, halving: 5 * minute }

/**
 * Learns the pace that a service allows, for limits that are unknown or lower than believed. Nothing is slowed before the
 * first throttled answer. While throttled answers follow each other, the pauses between them double.
 */
export function createPace(now: () => number): Pace {
  /** The requests of each second of the last minute that were not throttled. */
  const seconds = new Map<number, number>()
  let interval = 0
  let lastStart = Number.NEGATIVE_INFINITY
  let pausedUntil = 0
  let pause = pauses.first
  let lastThrottle = 0
  let throttledSince: number | undefined

  function count(start: number, change: number): void {
    const second = Math.floor(start / 1000)
    const before = seconds.get(second)
    if (before !== undefined || change > 0) seconds.set(second, (before ?? 0) + change)
  }

  function allowedInterval(time: number): number {
    for (const second of seconds.keys()) if (time - second * 1000 > minute) seconds.delete(second)
    const [first = 0] = seconds.keys()
    const allowed = [...seconds.values()].reduce((sum, requests) => sum + requests, 0)
    return allowed > 0 ? (time - first * 1000) / allowed / steps.below : Math.max(interval, 1000)
  }

  return {
    untilNext() {
      const time = now()
      // Speeds up again, because the limit may have been raised or freed by others.
      const spacing = interval * 0.5 ** ((time - lastThrottle) / steps.halving)
      return Math.max(lastStart + spacing, pausedUntil) - time
    },
    start() {
      lastStart = now()
      count(lastStart, 1)
      return lastStart
    },
    answered() {
      throttledSince = undefined
      pause = pauses.first
      interval *= steps.rise
    },
    throttled(start, retryAfter) {
      const time = now()
      count(start, -1)
      interval = allowedInterval(time)
      lastThrottle = time
      throttledSince ??= time
      // A request from before the pause was throttled by the old pace.
      if (start < pausedUntil) return
      pausedUntil = time + Math.min(retryAfter ?? pause, minute)
      pause = Math.min(pauses.longest, pause * 2)
    },
    isHopeless: () => throttledSince !== undefined && now() - throttledSince > patience,
  }
}
