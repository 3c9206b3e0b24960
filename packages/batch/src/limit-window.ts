/** A window of a limit: its points, and its length in seconds. */
export interface LimitWindow {
  points: number
  seconds: number
}

/** The part of a limit that is used. The rest absorbs differences in the travel time of requests. */
const usedShare = 0.97

/**
 * Chooses the window of a limit per minute: the shortest whole number of seconds that wastes less than 3 % by rounding. The
 * service may apply a limit per minute by the second, so that short windows avoid throttling.
 */
export function chooseWindow(perMinute: number): LimitWindow {
  const perSecond = (perMinute * usedShare) / 60
  // One at a time, if not even one fits into a minute.
  let best: LimitWindow = { points: 1, seconds: Math.ceil(1 / perSecond) }
  let bestRate = 0
  for (let seconds = 1; seconds <= 61; seconds += 1) {
    const points = Math.floor(perSecond * seconds)
    const rate = points / seconds
    if (rate > bestRate) {
      bestRate = rate
      best = { points, seconds }
    }
    if (rate >= perSecond * 0.97) break
  }
  return best
}
