import { expect, test } from 'vitest'

import { chooseWindow } from './limit-window.ts'

test.each([0.5, 1, 7, 60, 100, 600, 1200, 5000, 1_000_000])(
  'the window of %d a minute uses 85 to 100 % of it',
  (perMinute) => {
    const { points, seconds } = chooseWindow(perMinute)
    const used = ((points / seconds) * 60) / perMinute
    expect(used).toBeLessThanOrEqual(1)
    expect(used).toBeGreaterThan(0.85)
  },
)
