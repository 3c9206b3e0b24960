import type { ChatChunk, TransportCallOptions, TransportRequest } from '@dualscope/core'
import {
  context,
  diag,
  INVALID_SPAN_CONTEXT,
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
  finishReason,
  operationAttributes,
  requestAttributes,
  responseAttributes,
  serverAttributes,
} from './attributes.ts'
import { inputContent, outputContent } from './content.ts'
import type { Instruments } from './instruments.ts'

/** A call that is traced. No method throws. The first of `fail`, `complete` and `leave` decides; later ones do nothing. */
export interface TracedCall {
  /** The context of its span. */
  context: Context
  /** The caller's options, with observers that write into the span. */
  options: TransportCallOptions
  /** Takes the chunks of one read. */
  take(chunks: readonly ChatChunk[]): void
  fail(error: unknown): void
  /** Notes that the answer ended. Without a finish reason it is an error, as for the client. */
  complete(): void
  /** Notes that the reader left before the end. */
  leave(): void
  /** Ends the span, once. */
  end(): void
}

/** The parts that the calls of a transport share. */
interface Tracing {
  tracer: Tracer
  instruments: () => Instruments
  content: boolean
  protocol: string
}

/** Starts the span of a call. */
export function startCall(
  { tracer, instruments, content, protocol }: Tracing,
  request: TransportRequest,
  { callOptions, stream }: { callOptions: TransportCallOptions; stream: boolean },
): TracedCall {
  const common = operationAttributes(request, protocol)
  let span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT)
  record(() => {
    const name = `chat ${request.model ?? ''}`.trim()
    span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { ...common } })
  })
  record(() => span.setAttributes(requestAttributes(request, protocol, stream)))
  const keepsContent = content && span.isRecording()
  if (keepsContent) record(() => span.setAttributes(inputContent(request)))

  const start = performance.now()
  const answer = createAnswer(keepsContent)
  let lastProtocol: string | undefined
  let hasChunk = false
  let isDecided = false
  let isEnded = false

  /** Notes the outcome of the call, unless it is known. */
  function decide(note: () => void): void {
    if (isDecided) return
    isDecided = true
    record(note)
  }

  function setError(type: string, message: string | undefined): void {
    common['error.type'] = type
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message !== undefined && { message }) })
  }

  /** Returns the model that answers. Native streams do not name it; it is the one of the request. */
  function responseModel(): Attributes {
    return hasChunk ? { 'gen_ai.response.model': answer.facts().model || request.model } : {}
  }

  function recordEnd(): void {
    const facts = answer.facts()
    const attributes = { ...common, ...responseModel() }
    span.setAttributes({ ...responseAttributes(facts), ...attributes })
    if (keepsContent) span.setAttributes(outputContent(answer.content(), finishReason(facts)))
    instruments().recordCall(performance.now() - start, facts.usage, attributes)
  }

  return {
    context: trace.setSpan(context.active(), span),
    // The caller's observers may be async, so what they return goes to the transport, which reports what they throw.
    options: {
      ...callOptions,
      onRequest(notice) {
        record(() => {
          Object.assign(common, serverAttributes(notice.url))
          span.setAttribute('dualscope.protocol', notice.protocol)
          if (lastProtocol !== undefined && lastProtocol !== notice.protocol) {
            span.addEvent('fallback', { 'dualscope.protocol': notice.protocol })
          }
          lastProtocol = notice.protocol
        })
        return callOptions.onRequest?.(notice)
      },
      onRetry(notice) {
        const { attempt, delay, error } = notice
        record(() =>
          span.addEvent('retry', {
            'dualscope.attempt': attempt,
            'dualscope.delay_ms': delay,
            'error.type': errorType(error),
          }),
        )
        return callOptions.onRetry?.(notice)
      },
      onUploadProgress(progress) {
        const { loaded, total } = progress
        if (loaded === total) record(() => span.addEvent('upload', { 'dualscope.upload.bytes': total }))
        return callOptions.onUploadProgress?.(progress)
      },
    },
    take(chunks) {
      const isFirst = !hasChunk
      hasChunk = true
      record(() => {
        for (const chunk of chunks) answer.take(chunk)
        if (!stream || !isFirst) return
        const elapsed = performance.now() - start
        span.setAttribute('gen_ai.response.time_to_first_chunk', elapsed / 1000)
        instruments().recordFirstChunk(elapsed, { ...common, ...responseModel() })
      })
    },
    fail(error) {
      decide(() => setError(errorType(error), error instanceof Error ? error.message : undefined))
    },
    complete() {
      const isCut = answer.facts().finishReason === undefined
      decide(() => isCut && setError('incomplete', 'The answer ended before it was complete'))
    },
    leave() {
      decide(() => span.addEvent('left'))
    },
    end() {
      if (isEnded) return
      isEnded = true
      record(recordEnd)
      record(() => span.end())
    },
  }
}

/** Reports errors of the SDK, its processors and exporters to OpenTelemetry's own log: telemetry must not fail a call. */
function record(action: () => void): void {
  try {
    action()
  } catch (error) {
    diag.error('@dualscope/otel: a call could not be recorded', error)
  }
}
