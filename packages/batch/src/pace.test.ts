import { expect, test } from 'vitest'

import { createPace, type Pace } from './pace.ts'

/** A service that allows a burst of requests and then so many a second, asked for a time in ms by eight callers. */
function ask(
  pace: Pace,
  clock: { time: number },
  { perSecond = 5, burst = 5, until = 300_000, answerTime = 200 } = {},
) {
  const flights: { start: number; end: number; isThrottled: boolean }[] = []
  const counts = { answered: 0, throttled: 0 }
  let tokens = burst
  let filled = 0
  for (; clock.time < until; clock.time += 1) {
    for (const flight of flights.filter(({ end }) => end <= clock.time)) {
      flights.splice(flights.indexOf(flight), 1)
      if (flight.isThrottled) pace.throttled(flight.start, undefined)
      else pace.answered()
      counts[flight.isThrottled ? 'throttled' : 'answered'] += 1
    }
    if (flights.length >= 8 || pace.untilNext() > 0) continue
    const start = pace.start()
    tokens = Math.min(burst, tokens + ((clock.time - filled) / 1000) * perSecond)
    filled = clock.time
    const isThrottled = tokens < 1
    if (!isThrottled) tokens -= 1
    flights.push({ start, end: clock.time + (isThrottled ? 30 : answerTime), isThrottled })
  }
  return counts
}

test.each([
  { perSecond: 1, burst: 1 },
  { perSecond: 5, burst: 5 },
  { perSecond: 5, burst: 300 },
  { perSecond: 20, burst: 20 },
])('a pace finds a limit of $perSecond a second after a burst of $burst', (limit) => {
  const clock = { time: 0 }
  const pace = createPace(() => clock.time)
  ask(pace, clock, { ...limit, until: 60_000 })
  const { answered, throttled } = ask(pace, clock, { ...limit, until: 360_000 })
  expect(throttled / answered).toBeLessThan(0.05)
  expect(answered).toBeGreaterThan(limit.perSecond * 300 * 0.8)
})

test('a pace finds a limit that was raised, and slows nothing before a throttled answer', () => {
  const clock = { time: 0 }
  const pace = createPace(() => clock.time)
  const free = ask(pace, clock, { perSecond: 1000, burst: 1000, until: 10_000 })
  expect(free).toEqual({ answered: 392, throttled: 0 })
  ask(pace, clock, { perSecond: 2, burst: 2, until: 60_000 })
  ask(pace, clock, { perSecond: 1000, burst: 1000, until: 1_200_000 })
  const after = ask(pace, clock, { perSecond: 1000, burst: 1000, until: 1_210_000 })
  expect(after.answered).toBeGreaterThan(300)
})

test('a pace is hopeless after ten minutes without any answer', () => {
  const clock = { time: 0 }
  const pace = createPace(() => clock.time)
  const refused = ask(pace, clock, { perSecond: 0, burst: 0, until: 590_000 })
  expect(refused.throttled).toBeLessThan(60)
  expect(pace.isHopeless()).toBe(false)
  ask(pace, clock, { perSecond: 0, burst: 0, until: 640_000 })
  expect(pace.isHopeless()).toBe(true)
  pace.answered()
  expect(pace.isHopeless()).toBe(false)
})

test('a pace keeps to the pause that the service asks for', () => {
  const clock = { time: 5000 }
  const pace = createPace(() => clock.time)
  pace.throttled(pace.start(), 20_000)
  expect(pace.untilNext()).toBe(20_000)
})
