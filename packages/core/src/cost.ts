import type { Usage } from './chat/result.ts'
import { modelInfo } from './models/catalogue.ts'
import type { ModelId } from './models/catalogue.ts'

/** What a call costs, in the currency of the model's price. */
export interface CostEstimate {
  /** Cached tokens in full. */
  input: number
  /** Reasoning included. */
  output: number
  total: number
  currency: 'USD' | 'CNY'
}

/**
 * What a call costs by the catalogue's price; undefined for a model without one. Cached input counts in full, since the
 * documents print no discount for these models: an estimate from above.
 */
export function estimateCost(usage: Usage, model: ModelId): CostEstimate | undefined {
  const price = modelInfo(model)?.price
  if (!price) return undefined
  const input = (usage.inputTokens * price.input) / 1e6
  const output = (usage.outputTokens * price.output) / 1e6
  return { input, output, total: input + output, currency: price.currency }
}
