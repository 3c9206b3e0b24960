import { expect, test } from 'vitest'

import { estimateCost } from './cost.ts'

const usage = { inputTokens: 1_000_000, outputTokens: 500_000, totalTokens: 1_500_000 }

test('a call costs what the page prints for a million tokens', () => {
  expect(estimateCost(usage, 'kimi-k2.5')).toEqual({ input: 0.574, output: 1.5055, total: 2.0795, currency: 'USD' })
  expect(estimateCost(usage, 'kimi-k2.6')).toEqual({ input: 6.5, output: 13.5, total: 20, currency: 'CNY' })
})

test('a model without a printed price has no estimate', () => {
  expect(estimateCost(usage, 'kimi-k3')).toBeUndefined()
  expect(estimateCost(usage, 'qwen-plus')).toBeUndefined()
})
