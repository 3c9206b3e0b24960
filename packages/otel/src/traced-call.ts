import type { ChatChunk, TransportCallOptions, TransportRequest } from '@dualscope/core'
import {
  context,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Tracer,
} from '@opentelemetry/api'

import { createAnswer } from './answer.ts'
import {
  errorType,
  operationAttributes,
  requestAttributes,
  responseAttributes,
  serverAttributes,
} from './attributes.ts'
import { inputContent, outputContent } from './content.ts'
import type { Instruments } from './instruments.ts'

/** A call that is traced. */
export interface TracedCall {
  /** The context of its span. */
  context: Context
  /** The caller's options, with observers that write into the span. */
  options: TransportCallOptions
  takeChunk(chunk: ChatChunk): void
  /** Notes the time of the first chunk; later calls do nothing. */
  firstChunk(): void
  fail(error: unknown): void
  /** Notes that the stream ended. Without a finish reason it is an error, as for the client. */
  complete(): void
  /** Notes that the reader left before the end. */
  leave(): void
  end(): void
}

/** The parts that the calls of a transport share. */
interface Tracing {
  tracer: Tracer
  instruments: Instruments
  content: boolean
  protocol: string
}

/** Starts the span of a call. */
export function startCall(
  { tracer, instruments, content, protocol }: Tracing,
  request: TransportRequest,
  { callOptions, stream }: { callOptions: TransportCallOptions; stream: boolean },
): TracedCall {
  const span = tracer.startSpan(`chat ${request.model ?? ''}`.trim(), {
    kind: SpanKind.CLIENT,
    attributes: { ...requestAttributes(request, protocol, stream), ...(content && inputContent(request)) },
  })
  const start = performance.now()
  const answer = createAnswer(content)
  const common: Attributes = operationAttributes(request)
  let lastProtocol: string | undefined
  let hasChunk = false

  function setError(type: string, message: string | undefined): void {
    common['error.type'] = type
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) })
  }

  return {
    context: trace.setSpan(context.active(), span),
    options: {
      ...callOptions,
      onRequest(notice) {
        Object.assign(common, serverAttributes(notice.url))
        if (lastProtocol !== undefined && lastProtocol !== notice.protocol) {
          span.addEvent('fallback', { 'dualscope.protocol': notice.protocol })
        }
        lastProtocol = notice.protocol
        callOptions.onRequest?.(notice)
      },
      onRetry(notice) {
        const { attempt, delay, error } = notice
        span.addEvent('retry', {
          'dualscope.attempt': attempt,
          'dualscope.delay_ms': delay,
          'error.type': errorType(error),
        })
        callOptions.onRetry?.(notice)
      },
      onUploadProgress(progress) {
        const { loaded, total } = progress
        if (loaded === total) span.addEvent('upload', { 'dualscope.upload.bytes': total })
        callOptions.onUploadProgress?.(progress)
      },
    },
    takeChunk: (chunk) => answer.take(chunk),
    firstChunk() {
      if (hasChunk) return
      hasChunk = true
      const elapsed = performance.now() - start
      span.setAttribute('gen_ai.response.time_to_first_chunk', elapsed / 1000)
      instruments.recordFirstChunk(elapsed, common)
    },
    fail(error) {
      setError(errorType(error), error instanceof Error ? error.message : undefined)
    },
    complete() {
      if (answer.last.finishReason === undefined) setError('incomplete', 'The answer ended before it was complete')
    },
    leave() {
      span.addEvent('left')
    },
    end() {
      const { last } = answer
      // Native streams do not name the model.
      if (!('error.type' in common)) common['gen_ai.response.model'] = last.model ?? request.model
      span.setAttributes({ ...responseAttributes(last), ...common })
      if (content) span.setAttributes(outputContent(answer.read()))
      instruments.recordCall(performance.now() - start, last.usage, common)
      span.end()
    },
  }
}
