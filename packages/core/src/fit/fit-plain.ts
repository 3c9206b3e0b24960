import { modelInfo } from '../models/catalogue.ts'
import type { FitRequest } from '../request/prepare.ts'
import type { TransportRequest } from '../transport.ts'
import { isPlainRequest } from '../validate/plain-request.ts'

/**
 * Fits a request that its model takes as it is: words, with thinking switched where the model has a switch. It knows nothing
 * else, and need not: `prepareRequest` fits every other request, and is loaded only then.
 */
export function fitPlain(asked: TransportRequest): FitRequest | undefined {
  const { messages, model, thinking, temperature, topP, ...others } = asked
  if (!model || typeof thinking === 'object' || !isPlainRequest(asked)) return undefined
  if (messages.some((message) => 'reasoning' in message) || Object.values(others).some(isSet)) return undefined
  const traits = modelInfo(model)
  if (traits) {
    if (thinking !== undefined && traits.thinking !== 'optional') return undefined
    if (traits.unsupportedParameters.some((name) => isSet(asked[name]))) return undefined
  }
  // A list of our own: the caller's may be another one by the next attempt.
  const words = [...messages]
  return {
    request: { plain: true, messages: words, model, modelInfo: traits, thinking: { enable: thinking }, temperature, topP },
    unsupported: [],
  }
}

function isSet(value: unknown): boolean {
  return value !== undefined
}
