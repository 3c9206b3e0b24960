import type { AssistantMessage, ToolCall } from './message.ts'

/**
 * Why an answer ended: the model was done, a token limit cut it, it wants tools called, or something else (see
 * `rawFinishReason`).
 */
export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'other'

/** The tokens of a call. Details that the service does not report are absent. */
export interface Usage {
  inputTokens: number
  /** Reasoning included. */
  outputTokens: number
  totalTokens: number
  reasoningTokens?: number
  /** Input read from the context cache. */
  cachedTokens?: number
  /** Input written to the context cache. */
  cacheWriteTokens?: number
  /** Which cache was used: the one of `cache: true` marks, or the service's own; absent where the service does not say. */
  cacheType?: 'explicit' | 'implicit'
  imageTokens?: number
  videoTokens?: number
}

/** A page that web search found. */
export interface SearchSource {
  title: string
  url: string
  siteName?: string
  icon?: string
  /** The number by which the answer cites it. */
  index?: number
}

/** A whole answer, the same whether it was streamed or not and whichever protocol carried it. */
export interface ChatResult<Output = undefined> {
  /** The service's id of the answer; natively the request id. */
  id: string
  /** The id to give to Alibaba Cloud support. */
  requestId: string | undefined
  /** The model that answered; natively the one that was asked. */
  model: string
  /** The protocol of the transport that answered. */
  protocol: string
  /** The answer without the reasoning; empty if there is none, for example beside tool calls. */
  text: string
  /** The chain of thought, empty where there was none. */
  reasoning: string
  /** The tools that the model calls, in its order; empty if it calls none. */
  toolCalls: readonly ToolCall[]
  /** The answer as data, when the request asked for `output`; undefined when the model calls tools instead. */
  output: Output
  /**
   * Push it onto your history: reasoning and tool ids are in it, untouched. In partial mode it is the continuation alone, to
   * be pushed after the message that it continues.
   */
  message: AssistantMessage
  /** Why the answer ended. */
  finishReason: FinishReason
  /** The reason in the service's own word. */
  rawFinishReason: string
  /** The tokens of the call; undefined if the service reports none. */
  usage: Usage | undefined
  /** The service's own log probabilities, if `logprobs` requested them. */
  logprobs?: unknown
  /** The pages that a web search found, if `search` requested them; natively only. */
  sources?: readonly SearchSource[]
}
