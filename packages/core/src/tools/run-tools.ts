import { abortable, anySignal, isAbortSignal } from '../async/abort.ts'
import { startTimeBudget } from '../async/time-budget.ts'
import type { ToolLoopEvent } from '../chat/event.ts'
import type { Message, ToolCall } from '../chat/message.ts'
import type { OutputOf, OutputSpec } from '../chat/output.ts'
import type { CallOptions, ChatRequest } from '../chat/request.ts'
import type { ChatResult, Usage } from '../chat/result.ts'
import type { Client } from '../client.ts'
import { DualscopeError } from '../errors.ts'
import { startDeadline } from '../http/deadline.ts'
import { isJsonObject } from '../json.ts'
import { validateCallOptions } from '../request/options.ts'
import { createChatStream, type ChatStream, type ResultStream } from '../stream/chat-stream.ts'
import { runTool } from './run-tool.ts'

/** How to run the loop. The options of a call apply to each step. */
export interface ToolLoopOptions extends CallOptions {
  /** The most calls of the model, 1 or more. @default 10 */
  maxSteps?: number | undefined
}

/** The last answer of the loop, with the usage of all steps. */
export interface ToolLoopResult<Output = undefined> extends ChatResult<Output> {
  /**
   * The whole conversation: the request's messages, every answer and every tool's result. If the loop ended with finish reason
   * `tool-calls`, the last answer has calls without results: add them before you send the messages again.
   */
  messages: readonly Message[]
  /** How often the model was called. */
  steps: number
}

/**
 * A running loop. Like a stream it is consumed once, by a loop over its events or by `result()`. Leaving it aborts its
 * tools. `snapshot()` describes the answer of the current step.
 */
export interface ToolLoop<Output = undefined> extends ResultStream<ToolLoopEvent, ToolLoopResult<Output>> {}

/**
 * Calls the model, runs the tools that it asks for, sends their results back, and repeats until the model answers.
 *
 * The tools of a step run in parallel. If a tool throws, its arguments are invalid or it does not exist, the error message
 * goes to the model as the result. The loop ends with finish reason `tool-calls` after `maxSteps`, or when a tool without
 * `execute` is called: then none of that step's tools has run. A forced `toolChoice` applies to the first step only,
 * since a model that must call a tool can never answer.
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
  if (!isJsonObject(request)) {
    throw new DualscopeError(
      'validation',
      'the request: must be an object with messages and tools, the second argument',
    )
  }
  assertArguments(client, options)
  const { maxSteps = 10, ...callOptions } = options
  const budget = startTimeBudget(callOptions)
  const leaving = new AbortController()
  // Another value is an error of the options, which comes with the first pull.
  const callers = isAbortSignal(options.signal) ? options.signal : undefined
  const signal = anySignal(callers, leaving.signal)
  let messages: readonly Message[] = request.messages
  let steps = 0
  let usage: Usage | undefined
  let stream = callModel()

  function callModel(): ChatStream<OutputOf<S>> {
    const { toolChoice } = request
    const forced = toolChoice === 'required' || typeof toolChoice === 'object'
    return client.stream<S>(
      { ...request, messages, toolChoice: steps > 0 && forced ? undefined : toolChoice },
      { ...remainingOptions(), signal },
    )
  }

  async function* run(): AsyncGenerator<ToolLoopEvent, void, undefined> {
    validateCallOptions(callOptions)
    if (!Number.isInteger(maxSteps) || maxSteps < 1) {
      throw new DualscopeError('validation', `maxSteps: must be a whole number of at least 1, got ${maxSteps}`)
    }
    for (;;) {
      yield* stream
      const { message, toolCalls, finishReason, usage: stepUsage } = await stream.result()
      steps += 1
      usage = addUsage(usage, stepUsage)
      messages = [...messages, message]
      // The calls of an answer that was cut may be cut too.
      const continues =
        finishReason === 'tool-calls' && toolCalls.length > 0 && steps < maxSteps && toolCalls.every(canAnswer)
      if (continues) yield* runAll(toolCalls)
      yield { type: 'step-end', step: steps }
      if (!continues) return
      stream = callModel()
    }
  }

  /** A tool without `execute` is run by the caller; an unknown tool is answered here. */
  function canAnswer({ name }: ToolCall): boolean {
    const tool = request.tools?.find((candidate) => candidate.name === name)
    return tool === undefined || tool.execute !== undefined
  }

  async function* runAll(calls: readonly ToolCall[]): AsyncGenerator<ToolLoopEvent, void, undefined> {
    const { totalTimeout } = remainingOptions()
    const deadline = startDeadline({ signal, timeout: Infinity, totalTimeout })
    const context = { signal: deadline.signal }
    try {
      const running = calls.map((toolCall) => ({ toolCall, work: runTool(toolCall, request.tools ?? [], context) }))
      for (const { toolCall, work } of running) {
        // A tool may ignore the signal; the loop does not.
        const outcome = await abortable(work, deadline.signal)
        messages = [...messages, { role: 'tool', toolCallId: toolCall.id, content: outcome.content }]
        yield { type: 'tool-result', toolCall, ...outcome }
      }
    } finally {
      deadline.dispose()
    }
  }

  function remainingOptions(): CallOptions {
    const remaining = budget()
    if (remaining === undefined) throw new DualscopeError('timeout', 'No whole answer within the total time')
    return remaining
  }

  return createChatStream<ToolLoopEvent, ToolLoopEvent, ToolLoopResult<OutputOf<S>>>({
    accumulator: {
      push: (event, emit) => emit(event),
      finish() {},
      result: () => stream.snapshot(),
    },
    open: (streamSignal) => {
      streamSignal.addEventListener('abort', () => leaving.abort(streamSignal.reason), { once: true })
      return inBatches(run())
    },
    signal: callers,
    complete: async () => ({ ...(await stream.result()), usage, messages, steps }),
  })
}

/** What a caller without types can mistake: the order of the arguments above all. */
function assertArguments(client: unknown, options: unknown): void {
  if (!isJsonObject(client) || typeof client['stream'] !== 'function') {
    throw new DualscopeError('validation', 'the client: must be one of createClient() or connect(), the first argument')
  }
  if (!isJsonObject(options))
    throw new DualscopeError('validation', 'the options: must be an object, the third argument')
}

async function* inBatches<T>(items: AsyncIterable<T>): AsyncGenerator<T[], void, undefined> {
  for await (const item of items) yield [item]
}

/** Adds the usage of two calls; one that the service did not state counts for nothing. */
function addUsage(first: Usage | undefined, second: Usage | undefined): Usage | undefined {
  if (!first || !second) return first ?? second
  const { cacheType: _first, ...sum } = first
  const { cacheType: _second, ...added } = second
  for (const [key, tokens] of Object.entries(added) as [keyof typeof added, number][]) {
    sum[key] = (sum[key] ?? 0) + tokens
  }
  const cacheType = addCacheTypes(first, second)
  return cacheType ? { ...sum, cacheType } : sum
}

/** A mixture counts as implicit, whose hits cost more, so that no estimate is too low. */
function addCacheTypes(first: Usage, second: Usage): Usage['cacheType'] {
  const used = [first, second].filter(({ cachedTokens, cacheWriteTokens }) => cachedTokens || cacheWriteTokens)
  const types = new Set(used.map(({ cacheType }) => cacheType))
  return types.size > 1 ? 'implicit' : used[0]?.cacheType
}
