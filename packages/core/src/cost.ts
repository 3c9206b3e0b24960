import type { Usage } from './chat/result.ts'
import { modelInfo } from './models/catalogue.ts'
import type { ModelId } from './models/catalogue.ts'

/** The cost of a call, in the currency of the model's price. */
export interface CostEstimate {
  /** Cached tokens in full. */
  input: number
  /** Reasoning included. */
  output: number
  total: number
  currency: 'USD' | 'CNY'
}

/**
 * Estimates the cost of a call by the catalogue's price. Returns undefined for a model without one. Cached input counts in
 * full, because the documents print no discount for these models, so the estimate may be too high.
 */
export function estimateCost(usage: Usage, model: ModelId): CostEstimate | undefined {
  const price = modelInfo(model)?.price
  if (!price) return undefined
  const input = (usage.inputTokens * price.input) / 1e6
  const output = (usage.outputTokens * price.output) / 1e6
  return {
    input: withoutNoise(input),
    output: withoutNoise(output),
    total: withoutNoise(input + output),
    currency: price.currency,
  }
}

/** Removes the last digits, which binary fractions make up: 0.0075 instead of 0.007500000000000001. */
function withoutNoise(amount: number): number {
  return Number(amount.toPrecision(12))
}
