import type { TransportRequest } from '../chat/request.ts'
import { DualscopeError } from '../errors.ts'
import { findModels } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { AdaptedRequest, UnsupportedField } from './prepared.ts'

/** Removes the parameters that the model does not support, and lists them. */
export function removeUnsupportedParameters(request: AdaptedRequest, info: ModelInfo): UnsupportedField[] {
  const unsupported: UnsupportedField[] = []
  for (const parameter of info.unsupportedParameters) {
    if (request[parameter] === undefined || request[parameter] === false) continue
    delete request[parameter]
    const others = findModels((model) => !model.unsupportedParameters.includes(parameter))
    const message = `${info.id} does not support ${parameter}; ${others ? `${others} do` : 'no Kimi model does'}`
    unsupported.push({ field: parameter, path: parameter, message })
  }
  return unsupported
}

/** Throws `validation` if the request allows more tokens than the model can write in this mode. */
export function checkTokenLimits(
  { maxTokens, maxCompletionTokens, thinking }: TransportRequest,
  info: ModelInfo,
  willThink: boolean,
): void {
  const limits = willThink ? info.limits.thinking : info.limits.nonThinking
  // The service has the last word where its documents print no limit.
  if (limits?.maxOutput === undefined || limits.thirdParty) return
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
