/** The regions of Model Studio. */
export const regions = ['beijing', 'singapore', 'virginia', 'frankfurt', 'tokyo', 'hongkong', 'finance'] as const

/** A region of Model Studio; each has hosts and keys of its own. */
export type Region = (typeof regions)[number]

/**
 * Limits of a model in one mode, in tokens. The maxima do not all fit into the context window at once. They have a source of
 * their own where it is not that of the row; requests are not held to limits of third parties.
 */
export interface TokenLimits extends Partial<Provenance> {
  /** Input, reasoning and answer together. */
  contextWindow: number
  maxInput?: number
  /** The longest chain of thought. */
  maxReasoning?: number
  /** The longest answer, reasoning not counted. */
  maxOutput?: number
}

/** The service's sampling defaults. A parameter without a default here cannot be set either. */
export interface SamplingDefaults {
  temperature?: number
  topP?: number
  presencePenalty?: number
}

/** The page that a row, or a part of one, comes from. */
export interface Provenance {
  /** The page's name or address. */
  source: string
  /** The edition: an ISO date, or as near as it is known. */
  date: string
  /** Whether no document of Model Studio says it, only a list kept by others. */
  thirdParty?: true
}

/** A currency of the price lists. */
export type Currency = 'USD' | 'CNY'

/**
 * The prices of a million tokens in one region and currency. Where a price of the context cache is absent, the typical share of
 * `input` applies: 125 % for what is written, 10 % for an explicit hit, 20 % for an implicit one.
 */
export interface Price extends Provenance {
  region: Region
  currency: Currency
  input: number
  /** Reasoning is billed as output. */
  output: number
  /** Input that a mark writes to the context cache. */
  cacheWrite?: number
  /** Input read from what a mark has written. */
  cacheHit?: number
  /** Input read from what the service caches by itself. */
  implicitHit?: number
}

/**
 * How the context cache works: explicitly, for what a request marks with `cache: true`, or implicitly, for what the service
 * recognizes by itself. One request uses one of them.
 */
export type CacheKind = 'explicit' | 'implicit'

/** The paths that the native protocol has for chat models. */
export type NativeService = 'text-generation' | 'multimodal-generation'

/** Parameters that a model may be unable to take. */
export type RestrictedParameter =
  | 'temperature'
  | 'topP'
  | 'topK'
  | 'presencePenalty'
  | 'maxCompletionTokens'
  | 'logprobs'

/** One row of the catalogue: what the documents say of a model. */
export interface ModelInfo extends Provenance {
  /** The id in requests. */
  id: string
  /** Whether it thinks: never, when asked to, or always. */
  thinking: 'never' | 'optional' | 'always'
  /** Whether `thinking.budget` can be set. */
  thinkingBudget: boolean
  /** Whether the reasoning of earlier turns is read: never, when asked to, unless asked not to, or always. */
  preserveThinking: 'never' | 'opt-in' | 'opt-out' | 'always'
  /** The values of `thinking.effort`; empty if the model has no effort. */
  thinkingEfforts: readonly ('low' | 'high' | 'max')[]
  /** By mode; absent where the documents no longer print them. */
  limits: { thinking?: TokenLimits; nonThinking?: TokenLimits }
  /** The kinds of content that it reads. */
  inputs: readonly ('text' | 'image' | 'video')[]
  /** The features that it supports. */
  features: {
    multiTurn: boolean
    tools: boolean
    /** `toolChoice: 'required'`, also while it thinks. */
    requiredToolChoice: boolean
    structuredOutput: boolean
    /** Whether an answer can be held to a JSON Schema by the service (`json_schema` mode), not only to JSON. */
    jsonSchema: boolean
    webSearch: boolean
    /** Partial mode. */
    partial: boolean
    contextCache: boolean
  }
  /** Parameters that cannot be set. */
  unsupportedParameters: readonly RestrictedParameter[]
  /** The service's defaults; `fps` in frames a second. */
  defaults: { thinking?: SamplingDefaults; nonThinking?: SamplingDefaults; fps?: number; maxFrames?: number }
  /** The one that counts by default first; empty where none is known. */
  prices: readonly Price[]
  /** How its context cache works, where that is known. */
  cache?: Provenance & { kinds: readonly CacheKind[] }
  /** The regions that serve it. */
  regions: Provenance & { names: readonly Region[] }
  /** Its path natively; absent where the native protocol is not documented for it. */
  service?: NativeService
  /** When Model Studio took it offline. */
  retired?: Provenance & { on: string; successors: readonly string[] }
}
