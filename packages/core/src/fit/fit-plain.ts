import type { Message } from '../message.ts'
import { modelTraits } from '../catalogue/traits.ts'
import type { FitRequest } from './prepare.ts'
import type { TransportRequest } from '../transport.ts'

/**
 * Fits a request that its model takes as it is: words, with thinking switched where the model has a switch. It knows nothing
 * else, and need not: `prepareRequest` fits every other request, and is loaded only then.
 */
export function fitPlain(asked: TransportRequest): FitRequest | undefined {
  const { messages, model, thinking, temperature, topP, ...others } = asked
  if (!model || !messages.every(isPlain)) return undefined
  if (thinking !== undefined && typeof thinking !== 'boolean') return undefined
  if (Object.values(others).some((value) => value !== undefined)) return undefined
  const traits = modelTraits(model)
  if (traits) {
    if (thinking !== undefined && traits.thinking !== 'optional') return undefined
    if (traits.notSettable.some((name) => asked[name] !== undefined)) return undefined
  }
  // A list of our own: the caller's may be another one by the next attempt.
  const fitted = { messages: [...messages], model, traits, thinking: { enable: thinking }, temperature, topP }
  return { request: fitted, unsupported: [] }
}

/** Words that go out as they are, whatever the model. */
function isPlain(message: Message): boolean {
  if (typeof message.content !== 'string' || message.role === 'tool') return false
  if (message.role !== 'assistant') return true
  return message.reasoning === undefined && message.toolCalls === undefined && !message.partial
}
