import type { ModelInfo, Price, Provenance, TokenLimits } from './model-info.ts'

const february: Provenance = { source: 'Model Studio, "Kimi" (Indonesian edition)', date: '2026-02-05' }
const februaryChinese: Provenance = { source: 'Model Studio, "Kimi" (Chinese edition)', date: '2026-02-13' }
const midYear: Provenance = { source: 'Model Studio, "Kimi" (Chinese edition, mid-2026)', date: 'mid-2026' }
const late: Provenance = { source: 'Model Studio, "Kimi" (Chinese edition, late 2026)', date: 'late 2026' }
const september: Provenance = { source: 'Model Studio, "Kimi" (Portuguese edition)', date: '2026-09-09' }
const october: Provenance = { source: 'Model Studio, "Kimi" (Spanish edition)', date: '2026-10-12' }
const byMoonshot: Provenance = { source: 'Model Studio, "Kimi by Moonshot AI"', date: 'mid-2026' }
const modelsDev: Provenance = { source: 'models.dev, "alibaba-cn" and "alibaba"', date: '2026-11-26', thirdParty: true }
const cacheLists: Provenance = {
  source: 'models.dev, its prices of cache reads and writes',
  date: '2026-11-26',
  thirdParty: true,
}

const inBeijing = { region: 'beijing' } as const
const inDollars = { ...inBeijing, currency: 'USD' } as const
const inYuan = { ...inBeijing, currency: 'CNY' } as const

const onlyBeijing: ModelInfo['regions'] = { ...february, names: ['beijing'] }
const sixRegions: ModelInfo['regions'] = {
  ...october,
  names: ['beijing', 'singapore', 'tokyo', 'hongkong', 'frankfurt', 'virginia'],
}
const bothKinds: ModelInfo['cache'] = { ...cacheLists, kinds: ['explicit', 'implicit'] }

// The page recommends models of another family.
const retiredInJuly: ModelInfo['retired'] = {
  ...september,
  on: '2026-07-09',
  successors: ['qwen3.7-plus', 'qwen3.8-max', 'qwen3.8-flash'],
}

// Neither API reference lists a Kimi model for these two.
const undocumented = ['topK', 'logprobs'] as const
const withoutTotalLimit = [...undocumented, 'maxCompletionTokens'] as const

const noFeatures = {
  multiTurn: true,
  tools: true,
  requiredToolChoice: false,
  structuredOutput: false,
  // The reference of chat/completions has this mode, but no page says that a Kimi model does.
  jsonSchema: false,
  webSearch: false,
  partial: false,
  // The February edition says "not supported" for all, the mid-2026 one "supported" for all.
  contextCache: true,
} satisfies ModelInfo['features']

const k25Limits: TokenLimits = { contextWindow: 262_144, maxInput: 258_048, maxReasoning: 32_768, maxOutput: 32_768 }

const k25: ModelInfo = {
  ...february,
  id: 'kimi-k2.5',
  thinking: 'optional',
  unsupportedParameters: undocumented,
  service: 'multimodal-generation',
  thinkingBudget: true,
  preserveThinking: 'never',
  thinkingEfforts: [],
  limits: {
    thinking: k25Limits,
    nonThinking: { contextWindow: 262_144, maxInput: 260_096, maxOutput: 32_768 },
  },
  inputs: ['text', 'image', 'video'],
  features: noFeatures,
  defaults: {
    thinking: { temperature: 1, topP: 0.95, presencePenalty: 0 },
    nonThinking: { temperature: 0.6, topP: 0.95, presencePenalty: 0 },
    fps: 2,
    maxFrames: 2000,
  },
  prices: [
    { ...february, ...inDollars, input: 0.574, output: 3.011 },
    { ...februaryChinese, ...inYuan, input: 4, output: 21 },
  ],
  cache: bothKinds,
  regions: sixRegions,
}

const k2Prices: readonly Price[] = [
  { ...february, ...inDollars, input: 0.574, output: 2.294 },
  { ...februaryChinese, ...inYuan, input: 4, output: 16 },
]

const k2Thinking: ModelInfo = {
  ...february,
  id: 'kimi-k2-thinking',
  thinking: 'always',
  // A dash in the page's table of defaults: "no default value, and it cannot be set".
  unsupportedParameters: [...withoutTotalLimit, 'topP', 'presencePenalty'],
  service: 'text-generation',
  thinkingBudget: true,
  preserveThinking: 'never',
  thinkingEfforts: [],
  limits: { thinking: { contextWindow: 262_144, maxInput: 229_376, maxReasoning: 32_768, maxOutput: 16_384 } },
  inputs: ['text'],
  features: { ...noFeatures, structuredOutput: true },
  defaults: { thinking: { temperature: 1 } },
  prices: k2Prices,
  regions: onlyBeijing,
  retired: retiredInJuly,
}

const k2Instruct: ModelInfo = {
  ...february,
  id: 'Moonshot-Kimi-K2-Instruct',
  thinking: 'never',
  unsupportedParameters: withoutTotalLimit,
  service: 'text-generation',
  thinkingBudget: false,
  preserveThinking: 'never',
  thinkingEfforts: [],
  limits: { nonThinking: { contextWindow: 131_072, maxInput: 131_072, maxOutput: 8_192 } },
  inputs: ['text'],
  features: { ...noFeatures, webSearch: true },
  defaults: { nonThinking: { temperature: 0.6, topP: 1, presencePenalty: 0 } },
  prices: k2Prices,
  regions: onlyBeijing,
  retired: retiredInJuly,
}

// The later editions print no token limits any more ("see the console").
const k26Limits: TokenLimits = { ...modelsDev, contextWindow: 262_144, maxInput: 262_144 }
const k26: ModelInfo = {
  ...k25,
  ...midYear,
  id: 'kimi-k2.6',
  preserveThinking: 'opt-in',
  limits: { thinking: k26Limits, nonThinking: k26Limits },
  prices: [
    { ...midYear, ...inYuan, input: 6.5, output: 27 },
    { ...modelsDev, ...inDollars, input: 0.894, output: 3.713, cacheWrite: 1.117, implicitHit: 0.179 },
  ],
}

// Nothing states the kinds of cache of later models.
const { cache: _cache, ...k26WithoutKinds } = k26
const k27Code: ModelInfo = {
  ...k26WithoutKinds,
  id: 'kimi-k2.7-code',
  thinking: 'always',
  preserveThinking: 'opt-out',
  limits: {},
  defaults: { thinking: { temperature: 1, topP: 0.95, presencePenalty: 0 }, fps: 2, maxFrames: 2000 },
  prices: [{ ...midYear, ...inYuan, input: 6.5, output: 27 }],
}

const k3: ModelInfo = {
  ...k27Code,
  ...late,
  id: 'kimi-k3',
  thinking: 'always',
  thinkingBudget: false,
  preserveThinking: 'always',
  thinkingEfforts: ['low', 'high', 'max'],
  inputs: ['text', 'image'],
  features: { ...noFeatures, requiredToolChoice: true, structuredOutput: true, webSearch: true, partial: true },
  limits: { thinking: { ...modelsDev, contextWindow: 1_048_576, maxOutput: 1_048_576 } },
  defaults: { thinking: { temperature: 1, topP: 0.95, presencePenalty: 0 } },
  prices: [
    { ...modelsDev, ...inDollars, input: 2.827, output: 14.133, implicitHit: 0.283 },
    { ...modelsDev, region: 'singapore', currency: 'USD', input: 3, output: 15, implicitHit: 0.3 },
  ],
}

/** The same model served by Moonshot through Model Studio: Beijing only, documented for the compatible protocol alone. */
function servedByMoonshot(model: ModelInfo, id: string): ModelInfo {
  const { cache: _kinds, service: _service, ...rest } = model
  const regions: ModelInfo['regions'] = { ...byMoonshot, names: ['beijing'] }
  return { ...rest, ...late, id, limits: {}, prices: [], regions, unsupportedParameters: withoutTotalLimit }
}

const catalogue = {
  'kimi-k2.5': k25,
  'kimi-k2-thinking': k2Thinking,
  'Moonshot-Kimi-K2-Instruct': k2Instruct,
  'kimi-k2.6': k26,
  'kimi-k2.7-code': k27Code,
  'kimi-k3': k3,
  'kimi/kimi-k2.5': servedByMoonshot(k25, 'kimi/kimi-k2.5'),
  'kimi/kimi-k2.6': servedByMoonshot(k26, 'kimi/kimi-k2.6'),
  'kimi/kimi-k2.7-code': servedByMoonshot(k27Code, 'kimi/kimi-k2.7-code'),
  'kimi/kimi-k2.7-code-highspeed': servedByMoonshot(k27Code, 'kimi/kimi-k2.7-code-highspeed'),
  'kimi/kimi-k3': { ...servedByMoonshot(k3, 'kimi/kimi-k3'), thinkingEfforts: ['max'] },
} as const satisfies Record<string, ModelInfo>

/** A model of the catalogue. */
export type KnownModelId = keyof typeof catalogue

/** The id of any model of the service. Editors complete those of the catalogue, and requests to them are checked against their row. */
export type ModelId = KnownModelId | (string & {})

const byId: ReadonlyMap<string, ModelInfo> = new Map(Object.entries(catalogue))

/** Every model of the catalogue, in the order of the documents. */
export const knownModels: readonly ModelInfo[] = [...byId.values()]

/** Returns what the documents say about a model, or undefined if the catalogue does not have it. */
export function modelInfo(id: ModelId): ModelInfo | undefined {
  return byId.get(id)
}

// Reported by users of both protocols (Qwen-Agent 570, dashscope-sdk-python 4, jeecg-boot 73), November 2026.
/** Models whose frames repeat the whole answer so far, whatever is requested. */
export const repeatingModels: ReadonlySet<string> = new Set(['qwen-mt-plus', 'qwen-mt-turbo'])

/** Lists the ids of the models in service that match, separated by commas, for messages. */
export function findModels(predicate: (model: ModelInfo) => boolean): string {
  return knownModels
    .filter((model) => predicate(model) && !model.retired)
    .map((model) => model.id)
    .join(', ')
}
