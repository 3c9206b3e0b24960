import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { Usage } from './chat/result.ts'
import { estimateCost, type CostOptions } from './cost.ts'
import { knownModels } from './models/catalogue.ts'

const usage: Usage = { inputTokens: 1_000_000, outputTokens: 500_000, totalTokens: 1_500_000 }

test('a call costs what the page prints for a million tokens', () => {
  expect(estimateCost(usage, 'kimi-k2.5')).toEqual({
    input: 0.574,
    output: 1.5055,
    total: 2.0795,
    cache: 0,
    saved: 0,
    currency: 'USD',
    region: 'beijing',
  })
  expect(estimateCost(usage, 'kimi-k2.6')).toMatchObject({ input: 6.5, output: 13.5, total: 20, currency: 'CNY' })
})

test('region and currency choose the price, and one that no list has gives no estimate', () => {
  expect(estimateCost(usage, 'kimi-k3')).toMatchObject({ input: 2.827, region: 'beijing' })
  expect(estimateCost(usage, 'kimi-k3', { region: 'singapore' })).toMatchObject({ input: 3, region: 'singapore' })
  expect(estimateCost(usage, 'kimi-k2.5', { currency: 'CNY' })).toMatchObject({ input: 4, output: 10.5 })
  expect(estimateCost(usage, 'kimi-k2.5', { region: 'tokyo' })).toBeUndefined()
  expect(estimateCost(usage, 'kimi/kimi-k3')).toBeUndefined()
  expect(estimateCost(usage, 'qwen-plus')).toBeUndefined()
})

test.for<[string, Partial<Usage>, number, number]>([
  // Without a printed price: written 125 %, explicit hit 10 %, implicit hit 20 %.
  ['an implicit hit', { cachedTokens: 1_000_000 }, 0.1148, 0.4592],
  ['an explicit hit', { cachedTokens: 1_000_000, cacheType: 'explicit' }, 0.0574, 0.5166],
  ['a write', { cacheWriteTokens: 1_000_000, cacheType: 'explicit' }, 0.7175, -0.1435],
  ['a hit beside a write', { cachedTokens: 500_000, cacheWriteTokens: 500_000 }, 0.38745, 0.18655],
])('%s has its own price', ([, cached, cache, saved]) => {
  const cost = estimateCost({ ...usage, ...cached }, 'kimi-k2.5')
  expect(cost?.cache).toBeCloseTo(cache, 10)
  expect(cost?.input).toBeCloseTo(cache, 10)
  expect(cost?.saved).toBeCloseTo(saved, 10)
})

test("a printed price of the cache goes before the usual share, which for kimi-k3 is half of the service's", () => {
  expect(estimateCost({ ...usage, cachedTokens: 1_000_000 }, 'kimi-k3')?.cache).toBeCloseTo(0.283, 10)
  const writes = { ...usage, cacheWriteTokens: 1_000_000 }
  expect(estimateCost(writes, 'kimi-k2.6', { currency: 'USD' })?.cache).toBeCloseTo(1.117, 10)
})

test.for<[Partial<Usage>, CostOptions, RegExp]>([
  [{ inputTokens: -1 }, {}, /^usage\.inputTokens: must be a number of tokens of at least 0, got -1$/],
  [{ cachedTokens: Number.NaN }, {}, /^usage\.cachedTokens: .*, got NaN$/],
  [{ outputTokens: Infinity }, {}, /^usage\.outputTokens: .*, got Infinity$/],
  [{}, { region: 'mars' as 'beijing' }, /^region: must be .*beijing.*, got "mars"$/],
  [{}, { regoin: 'beijing' } as CostOptions, /^regoin: unknown; did you mean region\?$/],
])('%o with %o is refused', ([wrong, options, message]) => {
  expect(() => estimateCost({ ...usage, ...wrong }, 'kimi-k2.5', options)).toThrow(
    expect.objectContaining({ code: 'validation', message: expect.stringMatching(message) as string }) as Error,
  )
})

const tokens = fc.integer({ min: 0, max: 2_000_000 })
const cacheTypes = fc.constantFrom<Usage['cacheType'][]>('explicit', 'implicit', undefined)
const priced = knownModels.flatMap(({ id, prices }) => prices.map(({ region, currency }) => ({ id, region, currency })))

/** Calls as the service counts them: what is cached is part of the input, and only marks write. */
const calls = fc
  .tuple(tokens, tokens, tokens, tokens, cacheTypes)
  .map(([fresh, cachedTokens, written, outputTokens, cacheType]): Usage => {
    const cacheWriteTokens = cacheType === 'explicit' ? written : 0
    const inputTokens = fresh + cachedTokens + cacheWriteTokens
    const counted = {
      inputTokens,
      outputTokens,
      totalTokens: inputTokens + outputTokens,
      cachedTokens,
      cacheWriteTokens,
    }
    return cacheType ? { ...counted, cacheType } : counted
  })

test('costs are never negative, never above those without a cache except for writes, and add up', () => {
  fc.assert(
    fc.property(calls, calls, fc.constantFrom(...priced), (first, second, { id, ...options }) => {
      const cost = estimateCost(first, id, options)!
      const { inputTokens, outputTokens, totalTokens } = first
      const uncached = estimateCost({ inputTokens, outputTokens, totalTokens }, id, options)!
      const close = 1e-9 * (1 + uncached.total)
      for (const part of [cost.input, cost.output, cost.cache]) expect(part).toBeGreaterThanOrEqual(0)
      expect(Math.abs(cost.total - cost.input - cost.output)).toBeLessThan(close)
      expect(cost.cache).toBeLessThanOrEqual(cost.input + close)
      expect(Math.abs(uncached.total - cost.saved - cost.total)).toBeLessThan(close)
      expect(first.cacheWriteTokens === 0 ? cost.total : 0).toBeLessThanOrEqual(uncached.total + close)
      expect(cost.total).toBeLessThanOrEqual(uncached.total * 1.26 + close)

      if (second.cacheType !== first.cacheType) return
      const other = estimateCost(second, id, options)!
      const both: Usage = {
        ...first,
        inputTokens: first.inputTokens + second.inputTokens,
        outputTokens: first.outputTokens + second.outputTokens,
        cachedTokens: (first.cachedTokens ?? 0) + (second.cachedTokens ?? 0),
        cacheWriteTokens: (first.cacheWriteTokens ?? 0) + (second.cacheWriteTokens ?? 0),
      }
      const sum = cost.total + other.total
      expect(Math.abs((estimateCost(both, id, options)?.total ?? NaN) - sum)).toBeLessThan(1e-9 * (1 + sum))
    }),
    { numRuns: 300 },
  )
})

test.each([
  [undefined, 'usage: missing; an answer has none where the service states none'],
  [{ inputTokens: 5 }, 'usage.outputTokens: must be a number of tokens of at least 0, got undefined'],
  [{ inputTokens: '5', outputTokens: 1 }, 'usage.inputTokens: must be a number of tokens of at least 0, got "5"'],
])('usage that is not whole costs no made-up amount: %j', (usage, message) => {
  expect(() => estimateCost(usage as never, 'kimi-k2.5')).toThrow(
    expect.objectContaining({ code: 'validation', message }),
  )
})
