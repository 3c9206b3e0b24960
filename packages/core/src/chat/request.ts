import type { ModelId } from '../models/catalogue.ts'
import type { Message } from './message.ts'
import type { OutputSpec } from './output.ts'
import type { Tool } from './tool.ts'

/** How to think. Giving this object turns thinking on. */
export interface ThinkingOptions {
  /** The most tokens of reasoning, over 0; at the limit the answer begins. @default the model's longest chain of thought */
  budget?: number | undefined
  /** Whether the model also reads the reasoning of earlier turns, which is billed as input. @default the model's own */
  preserve?: boolean | undefined
  /** How hard to think. @default 'max' (the service's, on the models that have it) */
  effort?: 'low' | 'high' | 'max' | undefined
}

/** How to search the web. Fields of one protocol alone say so. */
export interface SearchOptions {
  /** Search for every question instead of leaving it to the model. @default false */
  forced?: boolean | undefined
  /** @default the service's */
  strategy?: 'turbo' | 'max' | 'agent' | 'agent_max' | (string & {}) | undefined
  /** Search specialised sources too. @default false */
  specializedSources?: boolean | undefined
  /** Return the pages found, in `result.sources`. Native protocol only. @default true natively */
  sources?: boolean | undefined
  /** Mark in the text which page says what. Native protocol only. @default false */
  citations?: boolean | undefined
  /** How a mark looks. Native protocol only. @default '[<number>]' (the service's) */
  citationFormat?: '[<number>]' | '[ref_<number>]' | undefined
  /** Bring the sources before the answer rather than with it. Native protocol only. @default false */
  sourcesFirst?: boolean | undefined
  /** Search only these sites. Native protocol only. */
  sites?: readonly string[] | undefined
  /** Only pages of the last so many days. Native protocol only. */
  freshness?: number | undefined
  /** Instructions in plain text: what to search for, and when. Native protocol only. */
  instruction?: string | undefined
}

/** Whether the model calls a tool: as it likes, never, in any case, or the named one. */
export type ToolChoice = 'auto' | 'none' | 'required' | { name: string }

/**
 * A request to a model, the same for every protocol. A field that the protocol or the model does not support is an error
 * before anything is sent. Options that are left out are not sent, so the model's own defaults apply.
 */
export interface ChatRequest<S extends OutputSpec | undefined = undefined> {
  /** The conversation so far. The last message is the user's, a tool's, or the assistant's with `partial`. */
  messages: readonly Message[]
  /** The id of a model of Model Studio. @default the client's model */
  model?: ModelId | undefined
  /** Whether and how to think before answering. @default the model's own: off for kimi-k2.5, always on for kimi-k2-thinking */
  thinking?: boolean | ThinkingOptions | undefined
  /** The most tokens of the answer, without its reasoning. */
  maxTokens?: number | undefined
  /** The most tokens of reasoning and answer together. */
  maxCompletionTokens?: number | undefined
  /** How random the answer is: 0 up to but not including 2. @default the model's own */
  temperature?: number | undefined
  /** The share of the likeliest tokens that are considered: over 0, up to 1. @default the model's own */
  topP?: number | undefined
  /** How many of the likeliest tokens are considered: 0 or more. @default the model's own */
  topK?: number | undefined
  /** How much words that were used are avoided: -2 to 2. @default the model's own */
  presencePenalty?: number | undefined
  /** How much repetition is avoided: over 0; 1 does not avoid it. @default the model's own */
  repetitionPenalty?: number | undefined
  /** Makes answers repeatable as far as the service can: 0 to 2147483647. @default random */
  seed?: number | undefined
  /** Texts before which the answer ends. @default none */
  stop?: string | readonly string[] | undefined
  /** Asks for log probabilities: `true`, or how many alternatives a token, 0 to 5. @default none */
  logprobs?: boolean | number | undefined
  /** Functions that the model may call. @default none */
  tools?: readonly Tool[] | undefined
  /** Whether the model calls a tool. @default 'auto' */
  toolChoice?: ToolChoice | undefined
  /** Whether the model may ask for several calls at once. @default false (the service's) */
  parallelToolCalls?: boolean | undefined
  /** Asks for data instead of prose: any JSON, or data that matches a type of a schema library or a JSON Schema. */
  output?: S
  /** Lets the model search the web. */
  search?: boolean | SearchOptions | undefined
  /**
   * Fields that this library does not know, sent as they are: into the body (compatible) or `parameters` (dashscope). A
   * key that the codec itself writes is a `validation` error.
   */
  extra?: Readonly<Record<string, unknown>> | undefined
}

/** A request as a transport takes it: it may ask for a structured answer. */
export type TransportRequest = ChatRequest<OutputSpec | undefined>

/** Headers as an object, `Headers`, a `Map` or pairs. */
export type HeaderFields = Readonly<Record<string, string>> | Iterable<readonly [string, string]>

/** How much of a file is uploaded. */
export interface UploadProgress {
  /** Bytes. */
  loaded: number
  /** Bytes. */
  total: number
  /** The name of the file, or its place in the request if it has none. */
  name: string
}

/** How to call. */
export interface CallOptions {
  /** Aborting it rejects the call with the signal's reason, unchanged, and closes the connection. */
  signal?: AbortSignal | undefined
  /** Added to the transport's; they win. */
  headers?: HeaderFields | undefined
  /** ms of silence: until the head of the response, and between stream events. @default the transport's */
  timeout?: number | undefined
  /** ms for the whole call. @default the transport's */
  totalTimeout?: number | undefined
  /** Attempts after the first. `stream()` never retries after the first chunk with content. @default the transport's */
  retries?: number | undefined
  /**
   * Resumes an interrupted answer, up to three times a call. It restarts if only reasoning has been shown (a `restart` event
   * comes first), or continues from the text so far if the model has partial mode and no tools are used. `usage` then
   * counts the last part alone. Any other interruption is an `incomplete` error. `chat()` streams underneath. @default false
   */
  resume?: boolean | undefined
  /** Is called while a file is uploaded. */
  onUploadProgress?: ((progress: UploadProgress) => void) | undefined
}
