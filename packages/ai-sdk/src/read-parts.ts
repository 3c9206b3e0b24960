import type {
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
} from '@ai-sdk/provider'
import { DualscopeError, type ChatEvent } from '@dualscope/core'

import { toFinishReason, toProviderMetadata, toSources } from './answer.ts'
import { toCallError } from './call-error.ts'
import { takeRaw } from './exchange.ts'
import type { Call } from './open-call.ts'
import { createPartWriter } from './part-writer.ts'
import { toUsage } from './usage.ts'

type Part = LanguageModelV4StreamPart
type Step = IteratorResult<ChatEvent, unknown>

/**
 * Reads an answer as parts of the AI SDK. Waits for the first event, so that an error before it is one of the call, which the
 * AI SDK retries. Cancelling the stream closes the connection.
 */
export async function readParts(call: Call, options: LanguageModelV4CallOptions): Promise<ReadableStream<Part>> {
  const events = call.stream[Symbol.asyncIterator]()
  let first: Step
  try {
    first = await events.next()
  } catch (error) {
    call.release()
    throw toCallError(error, call.exchange)
  }
  const parts = answerParts(call, first, events, options)
  const { abortSignal } = options
  let left = false
  let onAbort: () => void

  async function leave(): Promise<void> {
    left = true
    abortSignal?.removeEventListener('abort', onAbort)
    // Not left to the generator, which would wait for its pending read.
    await events.return?.()
    await parts.return()
    call.release()
  }

  return new ReadableStream<Part>({
    start(controller) {
      // An abort is an error at once, also while no read is pending.
      onAbort = () => {
        controller.error(abortSignal?.reason)
        void leave()
      }
      abortSignal?.addEventListener('abort', onAbort)
    },
    async pull(controller) {
      const { done, value } = await parts.next()
      if (left) return
      if (!done) {
        for (const part of value) controller.enqueue(part)
        return
      }
      controller.close()
      abortSignal?.removeEventListener('abort', onAbort)
    },
    cancel: leave,
  })
}

/** Yields the parts of each event, never none. Throws only the reason of an abort. */
async function* answerParts(
  call: Call,
  first: Step,
  events: AsyncIterator<ChatEvent>,
  { abortSignal, prompt, responseFormat }: LanguageModelV4CallOptions,
): AsyncGenerator<Part[], void, undefined> {
  const { stream, exchange } = call
  // In partial mode the answer is the end of a JSON text that the caller began.
  const writer = createPartWriter({ json: responseFormat?.type === 'json' && prompt.at(-1)?.role !== 'assistant' })
  const { id, model: modelId } = stream.snapshot()
  try {
    yield [
      { type: 'stream-start', warnings: call.warnings() },
      { type: 'response-metadata', id, modelId },
    ]
    for (let step = first; !step.done; step = await events.next()) {
      const parts = [...rawParts(call), ...writer.write(step.value)]
      if (parts.length > 0) yield parts
    }
    const result = stream.snapshot()
    yield [...rawParts(call), ...writer.end(), ...toSources(result), finishPart(call, toFinishReason(result))]
  } catch (error) {
    if (abortSignal?.aborted) throw error
    const parts = [...rawParts(call), ...writer.end()]
    if (isInterruption(error)) yield [...parts, finishPart(call, { unified: 'interrupted', raw: undefined })]
    else {
      parts.push({ type: 'error', error: toCallError(error, exchange) })
      yield [...parts, finishPart(call, { unified: 'error', raw: undefined })]
    }
  } finally {
    call.release()
  }
}

function rawParts({ exchange }: Call): Part[] {
  return takeRaw(exchange).map((rawValue) => ({ type: 'raw', rawValue }))
}

function finishPart({ stream }: Call, finishReason: LanguageModelV4FinishReason): Part {
  const result = stream.snapshot()
  return { type: 'finish', finishReason, usage: toUsage(result.usage), providerMetadata: toProviderMetadata(result) }
}

/** An answer that ended in good order but without a finish reason is not an error to the AI SDK. */
function isInterruption(error: unknown): boolean {
  return error instanceof DualscopeError && error.code === 'incomplete' && error.cause === undefined
}
