import type { ChatChunk } from '../chat/chunk.ts'
import type { ChatEvent } from '../chat/event.ts'
import type { ToolCall } from '../chat/message.ts'
import type { ChatResult } from '../chat/result.ts'
import { DualscopeError, incompleteError } from '../errors.ts'
import { isJsonObject, isList } from '../json.ts'
import { createResult, unifyFinishReason, type AnswerDefaults } from './create-result.ts'
import { newSuffix } from './cumulative.ts'
import { createToolCallAccumulator, type ToolCallAccumulator } from './tool-calls.ts'
import { createWholeCharacters } from './whole-characters.ts'

// Text, reasoning and arguments together: more would end in an exhausted memory.
const longestAnswer = 64 * 1024 * 1024

/** Makes events and the result of an answer from its chunks, the same way for streamed answers and whole ones. */
export interface Accumulator {
  /** Takes a chunk and emits what it adds. */
  push(chunk: ChatChunk, emit: (event: ChatEvent) => void): void
  /** Emits the end of the answer. Throws `incomplete` if it has no finish reason. */
  finish(emit: (event: ChatEvent) => void): void
  /** Returns what has arrived so far. */
  result(): ChatResult
}

/** Starts an empty answer. What its chunks leave out is taken from `defaults`. */
export function createAccumulator(defaults: AnswerDefaults): Accumulator {
  let text = ''
  let reasoning = ''
  let tools: ToolCallAccumulator | undefined
  let tokens: unknown[] = []
  let wholeText = createWholeCharacters()
  let wholeReasoning = createWholeCharacters()
  // The latest value of everything that is not appended.
  let latest: ChatChunk = {}

  function push(chunk: ChatChunk, emit: (event: ChatEvent) => void): void {
    const { cumulative = false } = chunk
    if (chunk.restart) {
      text = ''
      reasoning = ''
      tools = undefined
      tokens = []
      wholeText = createWholeCharacters()
      wholeReasoning = createWholeCharacters()
      latest = {}
      emit({ type: 'restart' })
    }
    if (chunk.reasoning) {
      const delta = cumulative ? newSuffix(reasoning, chunk.reasoning) : chunk.reasoning
      reasoning += delta
      emitText('reasoning-delta', wholeReasoning.push(delta), emit)
    }
    if (chunk.text) {
      const delta = cumulative ? newSuffix(text, chunk.text) : chunk.text
      text += delta
      emitText('text-delta', wholeText.push(delta), emit)
    }
    if (chunk.toolCalls) {
      tools ??= createToolCallAccumulator()
      for (const piece of chunk.toolCalls) tools.push(piece, cumulative, emit)
    }
    if (text.length + reasoning.length + (tools?.length() ?? 0) > longestAnswer) {
      throw new DualscopeError('protocol', 'The answer is longer than 64 Mi characters')
    }
    if (chunk.logprobs !== undefined) rememberLogprobs(chunk.logprobs, cumulative)
    remember(latest, chunk)
  }

  /** Log probabilities come a piece for each token, under `content`. */
  function rememberLogprobs(piece: unknown, cumulative: boolean): void {
    const added = isJsonObject(piece) ? piece['content'] : undefined
    if (cumulative || !isJsonObject(piece) || !isList(added)) {
      tokens = isList(added) ? [...added] : []
      latest.logprobs = piece
      return
    }
    for (const token of added) tokens.push(token)
    latest.logprobs = { ...piece, content: tokens }
  }

  function finish(emit: (event: ChatEvent) => void): void {
    if (latest.finishReason === undefined) throw incompleteError()
    emitText('reasoning-delta', wholeReasoning.end(), emit)
    emitText('text-delta', wholeText.end(), emit)
    tools?.finish(emit)
    const finishReason = unifyFinishReason(latest.finishReason, toolCalls().length > 0)
    emit({ type: 'finish', finishReason, usage: latest.usage })
  }

  function toolCalls(): ToolCall[] {
    return tools?.toolCalls() ?? []
  }

  function result(): ChatResult {
    return createResult({ ...latest, text, reasoning }, toolCalls(), defaults)
  }

  return { push, finish, result }
}

/** Puts the chunks of a whole answer together. The `partial` of an error is the answer so far. */
export function accumulate(chunks: readonly ChatChunk[], defaults: AnswerDefaults): ChatResult {
  const answer = createAccumulator(defaults)
  try {
    for (const chunk of chunks) answer.push(chunk, ignore)
    answer.finish(ignore)
  } catch (error) {
    throw withPartial(error, answer)
  }
  return answer.result()
}

function withPartial(error: unknown, answer: Accumulator): unknown {
  if (error instanceof DualscopeError) error.partial ??= answer.result()
  return error
}

function emitText(type: 'text-delta' | 'reasoning-delta', delta: string, emit: (event: ChatEvent) => void): void {
  if (delta !== '') emit({ type, delta })
}

function ignore(): void {}

function remember(latest: ChatChunk, chunk: ChatChunk): void {
  if (chunk.id) latest.id ??= chunk.id
  if (chunk.requestId) latest.requestId ??= chunk.requestId
  if (chunk.model) latest.model ??= chunk.model
  if (chunk.protocol) latest.protocol ??= chunk.protocol
  if (chunk.usage) latest.usage = chunk.usage
  if (chunk.finishReason) {
    latest.finishReason = chunk.finishReason
    latest.rawFinishReason = chunk.rawFinishReason
  }
  // A later empty list does not take back what was found.
  if (chunk.sources?.length) latest.sources = chunk.sources
}
