import type { Client } from '../client.ts'
import { unlessAborted } from '../http/deadline.ts'
import { DualscopeError } from '../errors.ts'
import type { ToolLoopEvent } from '../chat/event.ts'
import { anyOf, interruptible } from '../async/abort.ts'
import type { Message, ToolCall } from '../chat/message.ts'
import type { OutputOf, OutputSpec } from '../output/output.ts'
import type { CallOptions, ChatRequest } from '../chat/request.ts'
import type { ChatResult, Usage } from '../chat/result.ts'
import { runTool } from './run-tool.ts'
import { batchesOf } from '../engine/batched-stream.ts'
import { lateStream } from '../stream/late-stream.ts'
import type { ChatStream, EventStream } from '../stream/chat-stream.ts'
import { sumUsage } from './sum-usage.ts'

/** How to run the loop: the options of a call hold for each step. */
export interface ToolLoopOptions extends CallOptions {
  /** The most calls of the model, 1 or more. @default 10 */
  maxSteps?: number | undefined
}

/** The last answer of the loop, with the usage of all steps. */
export interface ToolLoopResult<Output = undefined> extends ChatResult<Output> {
  /** The whole conversation: the request's messages, every answer and every tool's result. */
  messages: readonly Message[]
  /** How often the model was called. */
  steps: number
}

/**
 * A loop that runs: consumed once, like a stream, by a loop over its events or by `result()`. Leaving it aborts its tools.
 * `snapshot()` tells of the answer of the step that runs.
 */
export interface ToolLoop<Output = undefined> extends EventStream<ToolLoopEvent, ToolLoopResult<Output>> {}

/**
 * Asks, runs the tools that the model calls, and asks again with their results, until the model answers.
 *
 * The calls of a step run side by side. A tool that throws, arguments that do not fit and a tool that does not exist
 * answer the model with the error's message. The loop ends with finish reason `tool-calls` after `maxSteps`, or when a tool
 * without `execute` is called: then none of that step's calls has run. A forced `toolChoice` holds for the first step,
 * since a model that must call can never answer.
 *
 * @example
 * ```ts
 * const { text, messages, steps } = await runTools(client, { messages: history, tools: [weather] }).result()
 * ```
 */
export function runTools<S extends OutputSpec | undefined = undefined>(
  client: Client,
  request: ChatRequest<S>,
  options: ToolLoopOptions = {},
): ToolLoop<OutputOf<S>> {
  const { maxSteps = 10, ...callOptions } = options
  const leaving = new AbortController()
  const signal = anyOf(options.signal, leaving.signal)
  let messages: readonly Message[] = request.messages
  let steps = 0
  let usage: Usage | undefined
  let stream = ask()

  function ask(): ChatStream<OutputOf<S>> {
    const { toolChoice } = request
    const forced = toolChoice === 'required' || typeof toolChoice === 'object'
    return client.stream<S>(
      { ...request, messages, toolChoice: steps > 0 && forced ? undefined : toolChoice },
      { ...callOptions, signal },
    )
  }

  async function* run(): AsyncGenerator<ToolLoopEvent, void, undefined> {
    if (!Number.isInteger(maxSteps) || maxSteps < 1) {
      throw new DualscopeError('validation', `maxSteps: must be a whole number of at least 1, got ${maxSteps}`)
    }
    for (;;) {
      yield* stream
      const { message, toolCalls, finishReason, usage: cost } = await stream.result()
      steps += 1
      usage = sumUsage(usage, cost)
      messages = [...messages, message]
      // The calls of an answer that was cut may be cut too.
      const goesOn = finishReason === 'tool-calls' && steps < maxSteps && toolCalls.every(canAnswer)
      if (goesOn) yield* runAll(toolCalls)
      yield { type: 'step-end', step: steps }
      if (!goesOn) return
      stream = ask()
    }
  }

  /** A tool without `execute` is run by the caller; that there is no such tool can be answered here. */
  function canAnswer({ name }: ToolCall): boolean {
    const tool = request.tools?.find((candidate) => candidate.name === name)
    return tool === undefined || tool.execute !== undefined
  }

  async function* runAll(calls: readonly ToolCall[]): AsyncGenerator<ToolLoopEvent, void, undefined> {
    const started = calls.map((toolCall) => ({ toolCall, outcome: runTool(toolCall, request.tools ?? [], { signal }) }))
    for (const { toolCall, outcome: running } of started) {
      // A tool may take no notice of the signal; the loop does.
      const outcome = await unlessAborted(running, signal)
      messages = [...messages, { role: 'tool', toolCallId: toolCall.id, content: outcome.content }]
      yield { type: 'tool-result', toolCall, ...outcome }
    }
  }

  const snapshot = () => stream.snapshot()
  return lateStream<ToolLoopEvent, ToolLoopEvent, ToolLoopResult<OutputOf<S>>>({
    accumulator: () => ({
      push: (event, emit) => emit(event),
      finish() {},
      result: snapshot,
    }),
    nothing: snapshot,
    open: async () => batchesOf(interruptible(run(), () => leaving.abort())),
    complete: async () => ({ ...(await stream.result()), usage, messages, steps }),
  })
}
