import type { ChatChunk, Transport, TransportCallOptions, TransportRequest } from '@dualscope/core'
import { context, metrics, trace, type Meter, type Tracer } from '@opentelemetry/api'

import { createInstruments } from './instruments.ts'
import { startCall, type TracedCall } from './traced-call.ts'

/** Options of `traced`. */
export interface TracedOptions {
  /** @default the global tracer provider's */
  tracer?: Tracer | undefined
  /** @default the global meter provider's */
  meter?: Meter | undefined
  /** Writes messages, answers and tools, which may be private, into the spans; the bytes of media are left out. @default false */
  content?: boolean | undefined
}

const scope = '@dualscope/otel'

/**
 * Creates a transport that records a span and metrics for each call, by OpenTelemetry's GenAI semantic conventions. The parent
 * of the span is the one that is active at the call. Retries, fallbacks and finished uploads are its events. It wraps any
 * transport, and may itself be wrapped.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: traced(compatible()), model: 'kimi-k2.5' })
 * ```
 */
export function traced(transport: Transport, options: TracedOptions = {}): Transport {
  const { tracer = trace.getTracer(scope), meter = metrics.getMeter(scope), content = false } = options
  const { protocol } = transport
  const instruments = createInstruments(meter)
  const start = (request: TransportRequest, callOptions: TransportCallOptions, stream: boolean) =>
    startCall({ tracer, instruments, content, protocol }, request, { callOptions, stream })

  async function send(request: TransportRequest, callOptions: TransportCallOptions = {}): Promise<ChatChunk> {
    const call = start(request, callOptions, false)
    try {
      const chunk = await context.with(call.context, () => transport.send(request, call.options))
      call.takeChunk(chunk)
      return chunk
    } catch (error) {
      call.fail(error)
      throw error
    } finally {
      call.end()
    }
  }

  return {
    protocol,
    send,
    stream(request, callOptions = {}) {
      // The loop may run in another context than the call.
      const parent = context.active()
      return readBatches(
        () => context.with(parent, () => start(request, callOptions, true)),
        (call) => transport.stream(request, call.options),
      )
    },
  }
}

/** Reads a stream in the context of its span. The span starts with the first pull and ends with the loop. */
async function* readBatches(
  begin: () => TracedCall,
  open: (call: TracedCall) => AsyncIterable<readonly ChatChunk[]>,
): AsyncGenerator<readonly ChatChunk[], void, undefined> {
  const call = begin()
  let batches: AsyncIterator<readonly ChatChunk[]> | undefined
  let isOver = false
  try {
    const source = context.with(call.context, () => open(call)[Symbol.asyncIterator]())
    batches = source
    for (;;) {
      const step = await context.with(call.context, () => source.next())
      if (step.done) break
      call.firstChunk()
      for (const chunk of step.value) call.takeChunk(chunk)
      yield step.value
    }
    isOver = true
    call.complete()
  } catch (error) {
    isOver = true
    call.fail(error)
    throw error
  } finally {
    try {
      if (!isOver) {
        call.leave()
        await batches?.return?.()
      }
    } finally {
      call.end()
    }
  }
}
