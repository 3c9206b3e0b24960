import type { Service } from '../protocol.ts'

/** A model as documented. The mock validates and answers by it. */
export interface Model {
  /** `optional`: `enable_thinking` switches it. `always`: it cannot be switched off. `never`: it cannot be switched on. */
  thinking: 'optional' | 'always' | 'never'
  /** Whether `enable_thinking` is an error even with the model's fixed value. */
  refusesSwitch: boolean
  /** The path of its native calls. */
  service: Service
  media: boolean
  structuredOutput: boolean
  search: boolean
  partial: boolean
  /** Whether a system message may bring tools along. */
  dynamicTools: boolean
  /** Options that the documents call not settable or not supported. */
  notSettable: readonly string[]
  /** The most tokens of reasoning; undefined where the documents say none. */
  maxReasoning?: number | undefined
  /** The most tokens of an answer. */
  maxOutput?: number | undefined
}

const vision: Model = {
  thinking: 'optional',
  refusesSwitch: false,
  service: 'multimodal-generation',
  media: true,
  structuredOutput: false,
  search: false,
  partial: false,
  dynamicTools: false,
  notSettable: ['top_k', 'logprobs'],
}

const text: Model = {
  ...vision,
  thinking: 'never',
  refusesSwitch: true,
  service: 'text-generation',
  media: false,
}

// "Kimi" page of 2026-02-05 for the first three; its later Chinese editions (mid-2026, late 2026) for the others.
const models: Readonly<Record<string, Model>> = {
  'kimi-k2.5': { ...vision, maxReasoning: 32_768, maxOutput: 32_768 },
  'kimi-k2-thinking': {
    ...text,
    thinking: 'always',
    structuredOutput: true,
    maxReasoning: 32_768,
    maxOutput: 16_384,
    notSettable: [...text.notSettable, 'top_p', 'presence_penalty'],
  },
  'Moonshot-Kimi-K2-Instruct': { ...text, search: true, maxOutput: 8192 },
  'kimi-k2.6': vision,
  'kimi-k2.7-code': { ...vision, thinking: 'always' },
  'kimi-k3': {
    ...vision,
    thinking: 'always',
    structuredOutput: true,
    search: true,
    partial: true,
    dynamicTools: true,
  },
}

/** Returns a model as documented, or undefined if the Kimi pages do not name it. */
export function findModel(
  id: string,
  more: Readonly<Record<string, Partial<Model>>> | undefined,
): Partial<Model> | undefined {
  const known = models[id] ?? models[id.replace(/^kimi\//, '')]
  const added = more?.[id]
  return known || added ? { ...known, ...added } : undefined
}
