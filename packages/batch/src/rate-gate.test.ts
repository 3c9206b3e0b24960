import { expect, test } from 'vitest'

import { createGate } from './rate-gate.ts'

test('a gate learns how far estimates are off, and a failed call teaches it nothing', async () => {
  const taken: number[] = []
  const tokens = {
    take: (_key: string, points: number) => {
      taken.push(points)
      return Promise.resolve({ taken: points, wait: 0 })
    },
    block: () => Promise.resolve(),
  }
  const gate = createGate('key', { requests: undefined, tokens })
  const { signal } = new AbortController()
  for (let call = 0; call < 60; call += 1) (await gate.pass(1000, signal)).settle(100)
  expect(taken[0]).toBe(1000)
  expect(taken.at(-1)).toBeLessThan(110)
  const before = taken.length
  for (let call = 0; call < 20; call += 1) (await gate.pass(1000, signal)).settle(0)
  taken.length = before
  ;(await gate.pass(1000, signal)).settle(100)
  ;(await gate.pass(1000, signal)).settle(100)
  expect(taken.at(-1)).toBeGreaterThan(90)
})
