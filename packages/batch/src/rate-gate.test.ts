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
  const gate = createGate('key', { requests: undefined, tokens }, 10)
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

test('what an aborted call has paid is a credit of the next one, and no debt is forgotten', async () => {
  const taken: number[] = []
  let open = true
  const tokens = {
    take: (_key: string, points: number) => {
      const part = open ? points : Math.min(points, 30)
      taken.push(part)
      return Promise.resolve({ taken: part, wait: part < points ? 50 : 0 })
    },
    block: () => Promise.resolve(),
  }
  const gate = createGate('key', { requests: undefined, tokens }, 10)
  const { signal } = new AbortController()
  const turn = await gate.pass(100, signal)
  turn.settle(150)
  // 50 of debt and about 105 for the call, of which 30 are paid before it is aborted.
  open = false
  await expect(gate.pass(100, AbortSignal.timeout(20))).rejects.toThrow('timeout')
  open = true
  await gate.pass(100, signal)
  expect(taken).toEqual([100, 30, 50 - 30 + 105])
})
