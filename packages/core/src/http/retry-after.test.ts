import { afterEach, expect, test, vi } from 'vitest'

import { parseRetryAfter } from './retry-after.ts'

afterEach(() => vi.useRealTimers())

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
