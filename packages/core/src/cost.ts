import * as z from 'zod/mini'

import type { Usage } from './chat/result.ts'
import { DualscopeError } from './errors.ts'
import { isJsonObject } from './json.ts'
import { modelInfo } from './models/catalogue.ts'
import type { ModelId } from './models/catalogue.ts'
import { regions, type Currency, type Price, type Region } from './models/model-info.ts'
import { show } from './request/explain-issue.ts'
import { checkOptions } from './request/options.ts'

/** Which of a model's prices counts. */
export interface CostOptions {
  /** @default the region of the first price that fits */
  region?: Region | undefined
  /** @default the currency of the first price that fits */
  currency?: Currency | undefined
}

/** The cost of a call, in the currency of the price. */
export interface CostEstimate {
  /** The part of the cache included. */
  input: number
  /** Reasoning included. */
  output: number
  total: number
  /** The part of `input` for tokens that were read from the context cache or written to it. */
  cache: number
  /** The difference that the cache made: what `input` would cost without it, less `input`. Negative if writing cost more. */
  saved: number
  currency: Currency
  region: Region
}

const costOptions = z.strictObject({
  region: z.optional(z.enum(regions)),
  currency: z.optional(z.enum(['USD', 'CNY'])),
})

// Model Studio, "Context Cache", 2026-10-11: what is typical, where a model's price list does not say otherwise.
const typicalShare = { write: 1.25, explicitHit: 0.1, implicitHit: 0.2 }

/**
 * Estimates the cost of a call by the price list, its context cache included. Returns undefined if the catalogue has no price for the
 * model, or none for the region or currency. Throws `validation` for negative usage, an unknown region or an unknown option.
 *
 * @example
 * ```ts
 * const { usage, model } = await client.chat('Who are you?')
 * const cost = usage && estimateCost(usage, model, { region: 'beijing' })
 * ```
 */
export function estimateCost(usage: Usage, model: ModelId, options: CostOptions = {}): CostEstimate | undefined {
  checkOptions(costOptions, options, 'validation')
  checkUsage(usage)
  const { region, currency } = options
  const price = modelInfo(model)?.prices.find(
    (candidate) =>
      (region === undefined || candidate.region === region) &&
      (currency === undefined || candidate.currency === currency),
  )
  if (!price) return undefined
  const { hits, written, fresh } = splitInput(usage)
  const cache = (hits * hitPrice(usage, price) + written * writePrice(price)) / 1e6
  const input = (fresh * price.input) / 1e6 + cache
  const output = (usage.outputTokens * price.output) / 1e6
  return {
    input: withoutNoise(input),
    output: withoutNoise(output),
    total: withoutNoise(input + output),
    cache: withoutNoise(cache),
    saved: withoutNoise(((hits + written) * price.input) / 1e6 - cache),
    currency: price.currency,
    region: price.region,
  }
}

/** Removes the last digits, which binary fractions make up: 0.0075 instead of 0.007500000000000001. */
function withoutNoise(amount: number): number {
  return Number(amount.toPrecision(12))
}

function checkUsage(usage: unknown): void {
  if (!isJsonObject(usage)) {
    throw new DualscopeError('validation', 'usage: missing; an answer has none where the service states none')
  }
  for (const name of ['inputTokens', 'outputTokens', 'cachedTokens', 'cacheWriteTokens']) {
    const tokens = usage[name] ?? (name.startsWith('cache') ? 0 : undefined)
    if (typeof tokens === 'number' && Number.isFinite(tokens) && tokens >= 0) continue
    throw new DualscopeError(
      'validation',
      `usage.${name}: must be a number of tokens of at least 0, got ${show(tokens)}`,
    )
  }
}

/** Splits the input by price. The service counts cached tokens as input, so they cannot be more than that. */
function splitInput({ inputTokens, cachedTokens = 0, cacheWriteTokens = 0 }: Usage) {
  const hits = Math.min(cachedTokens, inputTokens)
  const written = Math.min(cacheWriteTokens, inputTokens - hits)
  return { hits, written, fresh: inputTokens - hits - written }
}

function writePrice({ input, cacheWrite = input * typicalShare.write }: Price): number {
  return cacheWrite
}

/** Only marks write to the cache, so usage with writes is explicit even where the service does not name the kind. */
function hitPrice({ cacheType, cacheWriteTokens }: Usage, price: Price): number {
  const { input, cacheHit = input * typicalShare.explicitHit, implicitHit = input * typicalShare.implicitHit } = price
  return (cacheType ?? (cacheWriteTokens ? 'explicit' : 'implicit')) === 'explicit' ? cacheHit : implicitHit
}
