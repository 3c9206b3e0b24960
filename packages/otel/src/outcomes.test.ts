import type { ChatChunk, Transport, TransportCallOptions } from '@dualscope/core'
import { context, diag, DiagLogLevel, metrics, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  AlwaysOffSampler,
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test, vi } from 'vitest'

import { traced, type TracedOptions } from './traced.ts'

const spans = new InMemorySpanExporter()
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).getTracer('test')

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => spans.reset())
afterAll(() => context.disable())

const request = { messages: [{ role: 'user' as const, content: 'Hi' }], model: 'kimi-k3' }
const usage = { inputTokens: 3, outputTokens: 2, totalTokens: 5 }
const last = { finishReason: 'stop', usage } as const

/** A transport that answers with these batches; `act` sees the options of the call first. */
function scripted(batches: ChatChunk[][], act?: (options: TransportCallOptions | undefined) => unknown): Transport {
  return {
    protocol: 'compatible',
    async send(_request, options) {
      await act?.(options)
      return Object.assign({}, ...batches.flat()) as ChatChunk
    },
    async *stream(_request, options) {
      await act?.(options)
      for (const batch of batches) {
        options?.signal?.throwIfAborted()
        yield batch
      }
    },
  }
}

async function readAll(transport: Transport, options?: TransportCallOptions): Promise<ChatChunk[]> {
  const chunks: ChatChunk[] = []
  for await (const batch of transport.stream(request, options)) chunks.push(...batch)
  return chunks
}

function finished() {
  return spans.getFinishedSpans()
}

test('a stream that is never read makes no span', async () => {
  const stream = traced(scripted([[last]]), { tracer }).stream(request)
  await stream[Symbol.asyncIterator]().return?.()
  expect(finished()).toEqual([])
})

test('the span of a whole answer without a finish reason has the error that its client reports', async () => {
  await traced(scripted([[{ text: 'Hi' }]]), { tracer }).send(request)
  expect(finished()[0]).toMatchObject({
    status: { code: SpanStatusCode.ERROR },
    attributes: { 'error.type': 'incomplete' },
  })
})

test('a reason that is not an error has the type _OTHER', async () => {
  const signal = AbortSignal.abort('the user left')
  const transport = traced(
    scripted([], () => signal.throwIfAborted()),
    { tracer },
  )
  await expect(transport.send(request)).rejects.toBe('the user left')
  expect(finished()[0]?.attributes['error.type']).toBe('_OTHER')
})

test('an abort ends the span of a stream that its reader does not pull again', async () => {
  const controller = new AbortController()
  const stream = traced(scripted([[{ text: 'Hi' }], [last]]), { tracer }).stream(request, { signal: controller.signal })
  const batches = stream[Symbol.asyncIterator]()
  await batches.next()
  controller.abort()
  await vi.waitFor(() => expect(finished()).toHaveLength(1))
  expect(finished()[0]?.attributes['error.type']).toBe('AbortError')
  await expect(batches.next()).rejects.toThrow('aborted')
  expect(finished()).toHaveLength(1)
})

test('a reader that aborts as it leaves has left, whatever the transport takes to close', async () => {
  const controller = new AbortController()
  const slow: Transport = {
    ...scripted([]),
    stream: () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: [{ text: 'Hi' }] }),
        return: () => new Promise((resolve) => setTimeout(() => resolve({ done: true, value: undefined }), 30)),
      }),
    }),
  }
  const batches = traced(slow, { tracer }).stream(request, { signal: controller.signal })[Symbol.asyncIterator]()
  await batches.next()
  controller.abort()
  await batches.return?.()
  expect(finished()[0]).toMatchObject({ status: { code: SpanStatusCode.UNSET }, events: [{ name: 'left' }] })
})

function ignore(): void {}

function throwingProcessor(method: 'onStart' | 'onEnd'): SpanProcessor {
  return {
    onStart: ignore,
    onEnd: ignore,
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
    [method]() {
      throw new Error('the processor failed')
    },
  }
}

function failToExport(): never {
  throw new Error('the exporter failed')
}

function explainMessages(): never {
  throw new TypeError('messages: must be a list')
}

function waitShortly(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5))
}

test.each(['onStart', 'onEnd'] as const)('a processor whose %s throws fails no call and is logged', async (method) => {
  const error = vi.fn<(message: string) => void>()
  diag.setLogger({ error, warn: ignore, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.ERROR)
  onTestFinished(() => diag.disable())
  const provider = new BasicTracerProvider({ spanProcessors: [throwingProcessor(method)] })
  const transport = traced(scripted([[{ text: 'Hi' }, last]]), { tracer: provider.getTracer('test') })
  expect(await transport.send(request)).toMatchObject({ text: 'Hi' })
  expect(await readAll(transport)).toMatchObject([{ text: 'Hi' }, last])
  expect(error.mock.calls.map(([message]) => message)).toContain('@dualscope/otel: a call could not be recorded')
})

test('an exporter that throws fails no call', async () => {
  const exporter = { export: failToExport, shutdown: async () => undefined }
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const transport = traced(scripted([[{ text: 'Hi' }, last]]), { tracer: provider.getTracer('test') })
  expect(await transport.send(request)).toMatchObject({ text: 'Hi' })
  expect(await readAll(transport)).toMatchObject([{ text: 'Hi' }, last])
})

test('a span that is not sampled costs no content, and its call is counted', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const meters = new MeterProvider({ readers: [reader] })
  const provider = new BasicTracerProvider({ sampler: new AlwaysOffSampler() })
  const options = { tracer: provider.getTracer('test'), meter: meters.getMeter('test'), content: true }
  const role = vi.fn<() => 'user'>(() => 'user')
  const message = {
    get role() {
      return role()
    },
    content: 'Hi',
  }
  await traced(scripted([[last]]), options).send({ messages: [message], model: 'kimi-k3' })
  await reader.forceFlush()
  expect(role).not.toHaveBeenCalled()
  expect(exporter.getMetrics()).toHaveLength(1)
  await meters.shutdown()
})

test('a malformed request reaches the transport, which can explain it', async () => {
  const malformed = { messages: 'Hi', stop: 5, model: 'kimi-k3' } as never
  await expect(traced(scripted([], explainMessages), { tracer, content: true }).send(malformed)).rejects.toThrow(
    'must be a list',
  )
  expect(finished()[0]?.attributes['error.type']).toBe('TypeError')
})

test('the observers of the caller are called, and what they return reaches the transport', async () => {
  const seen: unknown[] = []
  const notice = { protocol: 'compatible', url: 'not a URL', method: 'POST', headers: {}, body: {}, attempt: 1 }
  const act = (options: TransportCallOptions | undefined) => seen.push(options?.onRequest?.(notice))
  const returned = Promise.resolve()
  // oxlint-disable-next-line no-misused-promises -- what is tested
  await traced(scripted([[last]], act), { tracer }).send(request, { onRequest: () => returned })
  expect(seen[0]).toBe(returned)
})

test('the address of an IPv6 host has no brackets', async () => {
  const notice = {
    protocol: 'compatible',
    url: 'http://[::1]:8080/x',
    method: 'POST',
    headers: {},
    body: {},
    attempt: 1,
  }
  await traced(
    scripted([[last]], (options) => options?.onRequest?.(notice)),
    { tracer },
  ).send(request)
  expect(finished()[0]?.attributes).toMatchObject({ 'server.address': '::1', 'server.port': 8080 })
})

test('a custom transport is a provider of its own name', async () => {
  await traced({ ...scripted([[last]]), protocol: 'anthropic' }, { tracer }).send(request)
  expect(finished()[0]?.attributes['gen_ai.provider.name']).toBe('anthropic')
})

test('a cumulative answer with an empty last frame keeps its content, and a restart drops what came before', async () => {
  const call = { index: 0, id: 'a', name: 'now' }
  const batches: ChatChunk[][] = [
    [{ text: 'Wrong', toolCalls: [call] }],
    [{ restart: true, cumulative: true, reasoning: 'Hm.' }],
    [{ cumulative: true, reasoning: 'Hm.', text: 'Right' }],
    [{ cumulative: true, text: '', rawFinishReason: 'stop', ...last }],
  ]
  await readAll(traced(scripted(batches), { tracer, content: true }))
  const { attributes } = finished()[0]!
  expect(JSON.parse(String(attributes['gen_ai.output.messages']))).toEqual([
    {
      role: 'assistant',
      finish_reason: 'stop',
      parts: [
        { type: 'reasoning', content: 'Hm.' },
        { type: 'text', content: 'Right' },
      ],
    },
  ])
})

test('content holds no bytes of media, whatever part holds them', async () => {
  const bytes = 'A'.repeat(1_000_000)
  const dataUrl = `data:image/png;base64,${bytes}`
  const messages = [
    {
      role: 'user' as const,
      content: [
        { type: 'image' as const, image: new URL('https://me:secret@example.com/a.png?Signature=secret#secret') },
        { type: 'image' as const, image: bytes },
        { type: 'image' as const, image: new Blob(['secret'], { type: 'image/jpeg' }) },
        { type: 'frames' as const, frames: [dataUrl, new Uint8Array([1])] },
        { type: 'video' as const, video: 'oss://dashscope-instant/x/cat.mp4' },
        { type: 'text' as const, text: `See ${dataUrl}` },
      ],
    },
    { role: 'assistant' as const, content: '', toolCalls: [{ id: '1', name: 'draw', arguments: '{"size":1' }] },
    { role: 'tool' as const, toolCallId: '1', content: JSON.stringify({ image: dataUrl }) },
  ]
  await traced(scripted([[last]]), { tracer, content: true }).send({ messages, model: 'kimi-k3' })
  expect(JSON.parse(String(finished()[0]?.attributes['gen_ai.input.messages']))).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' },
        { type: 'blob', modality: 'image' },
        { type: 'blob', modality: 'image', mime_type: 'image/jpeg' },
        { type: 'blob', modality: 'image', mime_type: 'image/png' },
        { type: 'blob', modality: 'image' },
        { type: 'uri', modality: 'video', uri: 'oss://dashscope-instant/x/cat.mp4' },
        { type: 'text', content: 'See data:image/png;base64,…' },
      ],
    },
    { role: 'assistant', parts: [{ type: 'tool_call', id: '1', name: 'draw', arguments: '{"size":1' }] },
    { role: 'tool', parts: [{ type: 'tool_call_response', id: '1', response: '{"image":"data:image/png;base64,…"}' }] },
  ])
})

test('concurrent calls have a span each, with the parent of its own call', async () => {
  const transport = traced(scripted([[{ text: 'Hi' }], [last]], waitShortly), { tracer })
  const parents = Array.from({ length: 20 }, (_, index) => tracer.startSpan(`parent ${index}`))
  await Promise.all(
    parents.map((parent, index) =>
      context.with(trace.setSpan(context.active(), parent), async () => {
        await (index % 2 ? readAll(transport) : transport.send(request))
      }),
    ),
  )
  const ids = finished().map(({ parentSpanContext }) => parentSpanContext?.spanId)
  expect(ids).toHaveLength(20)
  expect(new Set(ids)).toEqual(new Set(parents.map((parent) => parent.spanContext().spanId)))
})

test('without an OpenTelemetry SDK a call is made and nothing is recorded', async () => {
  const transport = traced(scripted([[{ text: 'Hi' }, last]]), { content: true })
  expect(await transport.send(request)).toMatchObject({ text: 'Hi' })
  expect(await readAll(transport)).toHaveLength(2)
})

test('providers that are set after the transport was made record its calls', async () => {
  const transport = traced(scripted([[{ text: 'Hi' }, last]]))
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const meters = new MeterProvider({ readers: [reader] })
  metrics.setGlobalMeterProvider(meters)
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }))
  onTestFinished(async () => {
    metrics.disable()
    trace.disable()
    await meters.shutdown()
  })
  await readAll(transport)
  await reader.forceFlush()
  expect(finished()).toHaveLength(1)
  const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
  const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
  const tokens = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864]
  const shown = found.map(({ descriptor, dataPoints }) => {
    const [point] = dataPoints as { value: { buckets: { boundaries: number[] } } }[]
    return [descriptor.name, descriptor.unit, point?.value.buckets.boundaries]
  })
  expect(shown).toEqual([
    ['gen_ai.client.operation.duration', 's', seconds],
    ['gen_ai.client.operation.time_to_first_chunk', 's', seconds],
    ['gen_ai.client.token.usage', '{token}', tokens],
  ])
})

test.each([
  [undefined, {}, 'traced: the transport is missing'],
  [scripted([]), { contents: true }, 'traced: contents: unknown; it can be tracer, meter, content'],
] as const)('invalid arguments are a configuration error: %s, %s', (transport, options, message) => {
  expect(() => traced(transport as Transport, options as TracedOptions)).toThrow(
    expect.objectContaining({ code: 'configuration', message: expect.stringContaining(message) }),
  )
})
