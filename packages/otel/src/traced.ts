import type { ChatChunk, Transport, TransportCallOptions, TransportRequest } from '@dualscope/core'
import { DualscopeError } from '@dualscope/core'
import { context, trace, type Meter, type Tracer } from '@opentelemetry/api'

import { createInstruments, followGlobalMeter } from './instruments.ts'
import { startCall, type TracedCall } from './traced-call.ts'

/** How calls are traced. */
export interface TracedOptions {
  /** @default a tracer of the global provider */
  tracer?: Tracer | undefined
  /** @default a meter of the global provider */
  meter?: Meter | undefined
  /** Writes messages, answers and tools into the spans, without the bytes of media. They may be private. @default false */
  content?: boolean | undefined
}

const scope = '@dualscope/otel'

/**
 * Creates a transport that makes a span and metrics of each call, by OpenTelemetry's GenAI semantic conventions. The span is a
 * child of the one that is active where the call is made. Retries, fallbacks and finished uploads are its events. It wraps any
 * transport, and may itself be wrapped. Telemetry that fails does not fail a call. Throws `configuration` for invalid options.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: traced(compatible()), model: 'kimi-k2.5' })
 * ```
 */
export function traced(transport: Transport, options: TracedOptions = {}): Transport {
  checkArguments(transport, options)
  const { tracer = trace.getTracer(scope), meter, content = false } = options
  const { protocol } = transport
  const own = meter && createInstruments(meter)
  const instruments = own ? () => own : followGlobalMeter(scope)
  const start = (request: TransportRequest, callOptions: TransportCallOptions, stream: boolean) =>
    startCall({ tracer, instruments, content, protocol }, request, { callOptions, stream })

  async function send(request: TransportRequest, callOptions: TransportCallOptions = {}): Promise<ChatChunk> {
    const call = start(request, callOptions, false)
    try {
      const chunk = await context.with(call.context, () => transport.send(request, call.options))
      call.take([chunk])
      call.complete()
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
      // The loop may run elsewhere than the call was made.
      const parent = context.active()
      return readBatches(
        () => context.with(parent, () => start(request, callOptions, true)),
        (call) => transport.stream(request, call.options),
      )
    },
  }
}

/** Reads a stream within the context of its span, which begins with the first pull and ends with the loop. */
async function* readBatches(
  begin: () => TracedCall,
  open: (call: TracedCall) => AsyncIterable<readonly ChatChunk[]>,
): AsyncGenerator<readonly ChatChunk[], void, undefined> {
  const call = begin()
  const stopWatching = watchAbort(call)
  let source: AsyncIterator<readonly ChatChunk[]> | undefined
  let isOpen = true
  try {
    const batches = context.with(call.context, () => open(call)[Symbol.asyncIterator]())
    source = batches
    for (;;) {
      const step = await context.with(call.context, () => batches.next())
      if (step.done) break
      call.take(step.value)
      yield step.value
    }
    isOpen = false
    call.complete()
  } catch (error) {
    isOpen = false
    call.fail(error)
    throw error
  } finally {
    stopWatching()
    try {
      if (isOpen) {
        call.leave()
        await source?.return?.()
      }
    } finally {
      call.end()
    }
  }
}

/**
 * Ends the span of an aborted stream that its reader does not pull again. Returns a function that stops it. A reader that leaves
 * aborts first and returns then, so it waits a moment.
 */
function watchAbort(call: TracedCall): () => void {
  const { signal } = call.options
  const onAbort = () =>
    setTimeout(() => {
      call.fail(signal?.reason)
      call.end()
    }, 0)
  signal?.addEventListener('abort', onAbort, { once: true })
  return () => signal?.removeEventListener('abort', onAbort)
}

function checkArguments(transport: unknown, options: TracedOptions): void {
  if (typeof transport !== 'object' || transport === null || !('stream' in transport)) {
    throw new DualscopeError(
      'configuration',
      'traced: the transport is missing; pass one, such as traced(compatible())',
    )
  }
  const names = ['tracer', 'meter', 'content']
  const unknown = Object.keys(options).find((name) => !names.includes(name))
  if (unknown === undefined) return
  throw new DualscopeError('configuration', `traced: ${unknown}: unknown; it can be ${names.join(', ')}`)
}
