/** Limits of a model in one mode, in tokens. The maxima do not all fit into the context window at once. */
export interface TokenLimits {
  /** Input, reasoning and answer together. */
  contextWindow: number
  maxInput: number
  /** The longest chain of thought. */
  maxReasoning?: number
  /** The longest answer, reasoning not counted. */
  maxOutput: number
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
}

/** Price of a million tokens. */
export interface Price extends Provenance {
  currency: 'USD' | 'CNY'
  /** A million tokens of input. */
  input: number
  /** A million tokens of output; reasoning is billed as such. */
  output: number
}

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
  /** Absent where the documents state none. */
  price?: Price
  /** Its path natively; absent where the native protocol is not documented for it. */
  service?: NativeService
  /** When Model Studio took it offline. */
  retired?: Provenance & { on: string; successor: string }
}
