import { createToolCallAccumulator, type ToolCallAccumulator } from './tool-calls.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import { DualscopeError } from '../errors.ts'
import type { ChatEvent } from '../chat/event.ts'
import { isJsonObject, isList } from '../json.ts'
import type { ToolCall } from '../chat/message.ts'
import type { ChatResult } from '../chat/result.ts'
import { resultOf, unfinished, unifiedReason, type Asked } from '../result-of.ts'
import { addTo, asString, emptyText } from './text.ts'

/** Makes events and the result of an answer out of its chunks, the same way for streamed answers and whole ones. */
export interface Accumulator {
  /** Takes a chunk and emits what it adds. */
  push(chunk: ChatChunk, emit: (event: ChatEvent) => void): void
  /** The answer is over: emits its end; without a finish reason it throws `incomplete`. */
  finish(emit: (event: ChatEvent) => void): void
  /** What has come so far. */
  result(): ChatResult
}

/** Starts an empty answer; what its chunks do not say is taken from what was asked. */
export function createAccumulator(asked: Asked): Accumulator {
  let text = emptyText()
  let reasoning = emptyText()
  // Most answers call none.
  let tools: ToolCallAccumulator | undefined
  // The last word on everything that is not appended.
  let known = nothing()

  function push(chunk: ChatChunk, emit: (event: ChatEvent) => void): void {
    const { cumulative = false } = chunk
    if (chunk.restart) {
      text = emptyText()
      reasoning = emptyText()
      tools = undefined
      known = nothing()
      emit({ type: 'restart' })
    }
    if (chunk.reasoning) {
      const delta = addTo(reasoning, chunk.reasoning, cumulative)
      if (delta !== '') emit({ type: 'reasoning-delta', delta })
    }
    if (chunk.text) {
      const delta = addTo(text, chunk.text, cumulative)
      if (delta !== '') emit({ type: 'text-delta', delta })
    }
    if (chunk.toolCalls) {
      tools ??= createToolCallAccumulator()
      for (const piece of chunk.toolCalls) tools.push(piece, cumulative, emit)
    }
    remember(known, chunk)
  }

  function finish(emit: (event: ChatEvent) => void): void {
    if (known.finishReason === undefined) throw unfinished()
    tools?.finish(emit)
    const finishReason = unifiedReason(known.finishReason, toolCalls().length > 0)
    emit({ type: 'finish', finishReason, usage: known.usage })
  }

  function toolCalls(): ToolCall[] {
    return tools?.toolCalls() ?? []
  }

  function result(): ChatResult {
    return resultOf({ ...known, text: asString(text), reasoning: asString(reasoning) }, toolCalls(), asked)
  }

  return { push, finish, result }
}

/**
 * What the chunks of a whole answer make together. Where they do not, or a `failure` ended them, that error is thrown, and
 * its `partial` tells what they came to.
 */
export function accumulated(chunks: readonly ChatChunk[], asked: Asked, failure?: { error: unknown }): ChatResult {
  const answer = createAccumulator(asked)
  try {
    for (const chunk of chunks) answer.push(chunk, ignore)
    if (failure) throw failure.error
    answer.finish(ignore)
  } catch (error) {
    if (chunks.length > 0 && error instanceof DualscopeError) error.partial ??= answer.result()
    throw error
  }
  return answer.result()
}

function ignore(): void {}

/** All that is remembered, so that it keeps its shape when it is filled. */
function nothing(): ChatChunk {
  return {
    id: undefined,
    requestId: undefined,
    model: undefined,
    protocol: undefined,
    usage: undefined,
    finishReason: undefined,
    rawFinishReason: undefined,
    sources: undefined,
    logprobs: undefined,
  }
}

function remember(known: ChatChunk, chunk: ChatChunk): void {
  if (chunk.id) known.id ??= chunk.id
  if (chunk.requestId) known.requestId ??= chunk.requestId
  if (chunk.model) known.model ??= chunk.model
  if (chunk.protocol) known.protocol ??= chunk.protocol
  if (chunk.usage) known.usage = chunk.usage
  if (chunk.finishReason) {
    known.finishReason = chunk.finishReason
    known.rawFinishReason = chunk.rawFinishReason
  }
  // A later empty list does not take back what was found.
  if (chunk.sources?.length) known.sources = chunk.sources
  if (chunk.logprobs !== undefined) {
    known.logprobs = chunk.cumulative ? chunk.logprobs : joined(known.logprobs, chunk.logprobs)
  }
}

/** Log probabilities come a piece for each token, under `content`. */
function joined(before: unknown, piece: unknown): unknown {
  if (!isJsonObject(before) || !isJsonObject(piece)) return piece
  const { content: tokens } = before
  const { content: more } = piece
  return isList(tokens) && isList(more) ? { ...piece, content: [...tokens, ...more] } : piece
}
