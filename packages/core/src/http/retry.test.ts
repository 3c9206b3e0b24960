import { afterEach, expect, test, vi } from 'vitest'

import { DualscopeError } from '../errors.ts'
import { parseRetryAfter, withRetries, type Failure } from './retry.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** Fails with each failure in turn, then succeeds; tells the waits in between. */
async function attempts(failures: readonly Partial<Failure>[], retries: number) {
  const waits: number[] = []
  let made = 0
  const error = new DualscopeError('server', 'x')
  const outcome = await withRetries<{ done: true }>(
    async (number) => {
      made = number
      const failure = failures[number - 1]
      return failure ? { error, retries: Infinity, ...failure } : { done: true }
    },
    { retries, delay: async (delay) => void waits.push(delay), onRetry: () => undefined },
  ).catch((thrown: unknown) => thrown)
  return { made, waits, failed: outcome === error }
}

test('an attempt is repeated as often as both sides allow', async () => {
  expect(await attempts([{}, {}], 2)).toMatchObject({ made: 3, failed: false })
  expect(await attempts([{}, {}, {}], 2)).toMatchObject({ made: 3, failed: true })
  expect(await attempts([{}], 0)).toMatchObject({ made: 1, failed: true })
  expect(await attempts([{ retries: 0 }], 5)).toMatchObject({ made: 1, failed: true })
  expect(await attempts([{ retries: 1 }, { retries: 1 }], 5)).toMatchObject({ made: 2, failed: true })
})

test('waits are a random part of 1, 2, 4 … seconds, half a minute at most', async () => {
  vi.spyOn(Math, 'random').mockReturnValue(1)
  const { waits } = await attempts([{}, {}, {}, {}, {}, {}, {}], 7)
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000])
  vi.spyOn(Math, 'random').mockReturnValue(0.25)
  expect((await attempts([{}, {}], 7)).waits).toEqual([250, 500])
})

test('the service may say how long to wait, up to a minute', async () => {
  expect(await attempts([{ retryAfter: 60_000 }], 2)).toEqual({ made: 2, waits: [60_000], failed: false })
  expect(await attempts([{ retryAfter: 60_001 }], 2)).toEqual({ made: 1, waits: [], failed: true })
  expect(await attempts([{ retryAfter: 0 }], 2)).toEqual({ made: 2, waits: [0], failed: false })
})

test.for<[string | null, number | undefined]>([
  ['0', 0],
  ['7', 7000],
  ['1.5', 1500],
  ['Mon, 23 Nov 2026 03:00:30 GMT', 30_000],
  ['Monday, 23-Nov-26 03:00:30 GMT', 30_000],
  ['Mon, 23 Nov 2026 02:00:00 GMT', 0],
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['in 2030', undefined],
  ['-5', undefined],
  ['Infinity', undefined],
  ['1e9', undefined],
  ['Mon, nonsense GMT', undefined],
])('Retry-After %o asks for %o ms', ([header, milliseconds]) => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 3, 0, 0) })
  expect(parseRetryAfter(header)).toBe(milliseconds)
})
