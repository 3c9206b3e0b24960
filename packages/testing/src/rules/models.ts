import type { Protocol, Service } from '../protocol.ts'

/** A kind of input besides text. */
type Input = 'image' | 'video' | 'audio'

/** The documented facts of a model, which the mock validates and answers by. */
export interface Model {
  /** `optional`: `enable_thinking` switches it. `always`: it cannot be switched off. `never`: it cannot be switched on. */
  thinking: 'optional' | 'always' | 'never'
  /** Whether `enable_thinking` is an error even with the model's fixed value. */
  refusesSwitch: boolean
  /** The path of its native calls. */
  service: Service
  /** The protocols that serve it. */
  protocols: readonly Protocol[]
  /** The inputs besides text. `video` includes a video as a list of 4 to 2,000 frames. */
  inputs: readonly Input[]
  structuredOutput: boolean
  search: boolean
  partial: boolean
  /** Whether a system message may have tools. */
  dynamicTools: boolean
  /** Whether Moonshot serves it. Moonshot refuses some requests that Alibaba's own models accept. */
  moonshot: boolean
  /** The values of `reasoning_effort`; empty without that option. */
  efforts: readonly string[]
  /** Options that the documents call not settable or unsupported. */
  notSettable: readonly string[]
  /** The most tokens of reasoning; undefined if the documents state no limit. */
  maxReasoning?: number | undefined
  /** The most tokens of an answer. */
  maxOutput?: number | undefined
}

const unsupported = ['top_k', 'logprobs', 'top_logprobs', 'frequency_penalty', 'tool_stream']

const vision: Model = {
  thinking: 'optional',
  refusesSwitch: false,
  service: 'multimodal-generation',
  protocols: ['compatible', 'dashscope'],
  inputs: ['image', 'video'],
  structuredOutput: false,
  search: false,
  partial: false,
  dynamicTools: false,
  moonshot: false,
  efforts: [],
  notSettable: [...unsupported, 'preserve_thinking'],
}

const text: Model = {
  ...vision,
  thinking: 'never',
  refusesSwitch: true,
  service: 'text-generation',
  inputs: [],
}

const code: Model = { ...vision, thinking: 'always', notSettable: unsupported }

const k3: Model = {
  ...vision,
  thinking: 'always',
  inputs: ['image'],
  structuredOutput: true,
  search: true,
  partial: true,
  dynamicTools: true,
  efforts: ['max', 'high', 'low'],
  notSettable: [...unsupported, 'thinking_budget'],
}

/** Returns the model as Moonshot serves it through Model Studio: documented for chat/completions only. */
function servedByMoonshot(model: Model): Model {
  const notSettable = [...model.notSettable, 'max_completion_tokens']
  return { ...model, protocols: ['compatible'], moonshot: true, notSettable }
}

const k25: Model = { ...vision, maxReasoning: 32_768, maxOutput: 32_768 }
const k26: Model = { ...vision, notSettable: unsupported }

// "Kimi" page of 2026-02-05 for the first three; its later Chinese editions (mid-2026, late 2026) for the others.
const models: Readonly<Record<string, Model>> = {
  'kimi-k2.5': k25,
  'kimi-k2-thinking': {
    ...text,
    thinking: 'always',
    structuredOutput: true,
    maxReasoning: 32_768,
    maxOutput: 16_384,
    notSettable: [...text.notSettable, 'top_p', 'presence_penalty'],
  },
  'Moonshot-Kimi-K2-Instruct': { ...text, search: true, maxOutput: 8192 },
  'kimi-k2.6': k26,
  'kimi-k2.7-code': code,
  'kimi-k3': k3,
  'kimi/kimi-k2.5': servedByMoonshot(k25),
  'kimi/kimi-k2.6': servedByMoonshot(k26),
  'kimi/kimi-k2.7-code': servedByMoonshot(code),
  'kimi/kimi-k2.7-code-highspeed': servedByMoonshot(code),
  'kimi/kimi-k3': { ...servedByMoonshot(k3), efforts: ['max'] },
}

/** The ids of the documented models. */
export const modelIds: readonly string[] = Object.keys(models)

/** Whether an id looks like a Kimi model, and no document names it. */
export function isUnknownKimi(id: string, more: Readonly<Record<string, Partial<Model>>> | undefined): boolean {
  return /^(kimi|moonshot)/i.test(id) && findModel(id, more) === undefined
}

/** Returns a model as documented, or undefined if the Kimi pages do not name it. */
export function findModel(
  id: string,
  more: Readonly<Record<string, Partial<Model>>> | undefined,
): Partial<Model> | undefined {
  const known = Object.hasOwn(models, id) ? models[id] : undefined
  const added = more && Object.hasOwn(more, id) ? more[id] : undefined
  return known || added ? { ...known, ...added } : undefined
}
