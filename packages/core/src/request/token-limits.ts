import { DualscopeError } from '../errors.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { isThinking } from './is-thinking.ts'
import type { TransportRequest } from '../transport.ts'

/** Refuses more tokens than the model can give in the mode that is asked, with a `validation` error. */
export function checkTokenLimits(
  { maxTokens, maxCompletionTokens, thinking }: TransportRequest,
  info: ModelInfo,
): void {
  const limits = isThinking(thinking, info) ? info.limits.thinking : info.limits.nonThinking
  if (!limits) return
  const { maxOutput, maxReasoning = 0 } = limits
  const check = (path: string, value: number | undefined, limit: number, what: string) => {
    if (value === undefined || value <= limit) return
    const reason = `must be at most ${limit}, ${what} of ${info.id}, got ${value}`
    throw new DualscopeError('validation', `${path}: ${reason}`)
  }
  check('maxTokens', maxTokens, maxOutput, 'the longest answer')
  check('maxCompletionTokens', maxCompletionTokens, maxReasoning + maxOutput, 'the longest reasoning and answer')
  if (typeof thinking === 'object' && limits.maxReasoning !== undefined) {
    check('thinking.budget', thinking.budget, limits.maxReasoning, 'the longest chain of thought')
  }
}
