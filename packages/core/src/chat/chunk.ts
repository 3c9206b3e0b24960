import type { FinishReason, SearchSource, Usage } from './result.ts'

/** A piece of a tool call; the pieces of one call share an index. An empty `id` or `name` says nothing new. */
export interface ToolCallPiece {
  index: number
  id?: string | undefined
  name?: string | undefined
  /** JSON text to append. */
  arguments?: string | undefined
}

/**
 * One decoded message of the service, the same for every protocol: a piece of a streamed answer, or a whole one.
 * Missing fields are absent or undefined. The accumulator turns chunks into events and the result.
 */
export interface ChatChunk {
  id?: string | undefined
  requestId?: string | undefined
  model?: string | undefined
  /** Which transport answered, where that is not the one that was asked (a fallback). */
  protocol?: string | undefined
  text?: string | undefined
  reasoning?: string | undefined
  toolCalls?: readonly ToolCallPiece[] | undefined
  finishReason?: FinishReason | undefined
  rawFinishReason?: string | undefined
  /** Counts the whole answer so far; the last one holds. */
  usage?: Usage | undefined
  logprobs?: unknown
  sources?: readonly SearchSource[] | undefined
  /** Text, reasoning and arguments repeat all that came before (native streams without incremental output). */
  cumulative?: boolean | undefined
  /** Discards everything before this chunk: the answer starts again (see `CallOptions.resume`). */
  restart?: boolean | undefined
}

/** Whether a chunk shows anything of an answer, so that the call can no longer be repeated. A first chunk often has only a role. */
export function saysSomething({ text, reasoning, toolCalls, finishReason }: ChatChunk): boolean {
  return Boolean(text || reasoning || toolCalls?.length || finishReason)
}
