import type { ModelInfo } from './model-info.ts'

/** What every request has to know of its model; the rest of its row is loaded with what asks for it. */
export type ModelTraits = Pick<ModelInfo, 'thinking' | 'notSettable' | 'service'>

// Neither API reference lists a Kimi model for these two.
const never = ['topK', 'logprobs'] as const
const answerLimitToo = [...never, 'maxCompletionTokens'] as const

/** Of each model of the catalogue. */
export const traits = {
  'kimi-k2.5': { thinking: 'optional', notSettable: never, service: 'multimodal-generation' },
  'kimi-k2-thinking': {
    thinking: 'always',
    // A dash in the page's table of defaults: "no default value, and it cannot be set".
    notSettable: [...answerLimitToo, 'topP', 'presencePenalty'],
    service: 'text-generation',
  },
  'Moonshot-Kimi-K2-Instruct': { thinking: 'never', notSettable: answerLimitToo, service: 'text-generation' },
  'kimi-k2.6': { thinking: 'optional', notSettable: never, service: 'multimodal-generation' },
  'kimi-k2.7-code': { thinking: 'always', notSettable: never, service: 'multimodal-generation' },
  'kimi-k3': { thinking: 'always', notSettable: never, service: 'multimodal-generation' },
  // Served by Moonshot through Model Studio: Beijing only, documented for the compatible protocol alone.
  'kimi/kimi-k2.5': { thinking: 'optional', notSettable: answerLimitToo },
  'kimi/kimi-k2.6': { thinking: 'optional', notSettable: answerLimitToo },
  'kimi/kimi-k2.7-code': { thinking: 'always', notSettable: answerLimitToo },
  'kimi/kimi-k2.7-code-highspeed': { thinking: 'always', notSettable: answerLimitToo },
  'kimi/kimi-k3': { thinking: 'always', notSettable: answerLimitToo },
} as const satisfies Record<string, ModelTraits>

/** A model of the catalogue. */
export type KnownModelId = keyof typeof traits

/** Any model of the service; those of the catalogue are completed by editors and have their requests checked. */
export type ModelId = KnownModelId | (string & {})

/** What requests have to know of a model; undefined for a model that the catalogue does not know. */
export function modelTraits(id: ModelId): ModelTraits | undefined {
  return isKnown(id) ? traits[id] : undefined
}

function isKnown(id: string): id is KnownModelId {
  return Object.hasOwn(traits, id)
}
