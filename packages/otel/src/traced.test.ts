import { compatible } from '@dualscope/compatible'
import { createClient, fallback, type Transport } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, faults } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import * as stable from '@opentelemetry/semantic-conventions'
import * as incubating from '@opentelemetry/semantic-conventions/incubating'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { traced, type TracedOptions } from './traced.ts'

const spans = new InMemorySpanExporter()
const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
const tracer = tracers.getTracer('test')
const mock = createMock()
let server: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  server = await listen(mock)
})
afterEach(() => {
  spans.reset()
  mock.reset()
})
afterAll(async () => {
  await server.close()
  context.disable()
})

const protocols = { compatible, dashscope }
const both = ['compatible', 'dashscope'] as const

function connect(
  protocol: keyof typeof protocols,
  options: TracedOptions = {},
  wrap?: (inner: Transport) => Transport,
) {
  const inner = protocols[protocol]({ apiKey: 'sk-otel-secret', baseUrl: server.url, retries: 1 })
  const transport = traced(wrap ? wrap(inner) : inner, { tracer, ...options })
  return createClient({ transport, model: 'kimi-k3' })
}

/** Returns the only span so far. */
function onlySpan() {
  const finished = spans.getFinishedSpans()
  expect(finished).toHaveLength(1)
  return finished[0]!
}

const usage = {
  inputTokens: 30,
  outputTokens: 12,
  totalTokens: 42,
  reasoningTokens: 4,
  cachedTokens: 10,
  cacheWriteTokens: 5,
  imageTokens: 7,
  videoTokens: 8,
}
const answer = { reasoning: 'Hm.', text: ['Hello', ' there'], usage }

test.each(both.flatMap((protocol) => [[protocol, 'chat'] as const, [protocol, 'stream'] as const]))(
  'a span describes a call by the conventions: %s, %s',
  async (protocol, how) => {
    mock.use(answer)
    const client = connect(protocol)
    const request = {
      messages: [{ role: 'user' as const, content: 'Private words' }],
      maxTokens: 50,
      seed: 7,
      stop: ['.'],
    }
    await (how === 'chat' ? client.chat(request) : client.stream(request).result())
    const { name, attributes, status, events } = onlySpan()
    expect(name).toBe('chat kimi-k3')
    expect(status.code).toBe(SpanStatusCode.UNSET)
    expect(events).toEqual([])
    expect(attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'alibaba_cloud.model_studio',
      'gen_ai.request.model': 'kimi-k3',
      'gen_ai.request.max_tokens': 50,
      'gen_ai.request.seed': 7,
      'gen_ai.request.stop_sequences': ['.'],
      'gen_ai.response.model': 'kimi-k3',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 30,
      'gen_ai.usage.output_tokens': 12,
      'gen_ai.usage.reasoning.output_tokens': 4,
      'gen_ai.usage.cache_read.input_tokens': 10,
      'gen_ai.usage.cache_creation.input_tokens': 5,
      'gen_ai.usage.image.input_tokens': 7,
      'gen_ai.usage.video.input_tokens': 8,
      'server.address': '127.0.0.1',
      'server.port': Number(new URL(server.url).port),
      'dualscope.protocol': protocol,
    })
    expect(attributes['gen_ai.request.stream']).toBe(how === 'stream' ? true : undefined)
    expect(attributes['gen_ai.output.type']).toBeUndefined()
    expect(typeof attributes['gen_ai.response.id']).toBe('string')
    expect(how === 'stream').toBe(typeof attributes['gen_ai.response.time_to_first_chunk'] === 'number')
    expect(JSON.stringify(attributes)).not.toMatch(/Private|Hello|sk-otel/)
  },
)

test('every attribute outside dualscope.* is in the registry', async () => {
  mock.use([{ type: 'error', status: 400, code: 'InvalidParameter' }, answer])
  const client = connect('compatible', { content: true })
  await client.chat('Hi').catch(() => {})
  await client.stream({ messages: [{ role: 'user', content: 'Hi' }], topK: undefined, temperature: 1 }).result()
  // Of open-telemetry/semantic-conventions-genai, which has no package yet.
  const newer = ['gen_ai.usage.image.input_tokens', 'gen_ai.usage.video.input_tokens']
  const known = new Set<unknown>([...Object.values(stable), ...Object.values(incubating), ...newer])
  const used = new Set(spans.getFinishedSpans().flatMap(({ attributes }) => Object.keys(attributes)))
  expect([...used].filter((name) => !known.has(name) && !name.startsWith('dualscope.'))).toEqual([])
})

test.each(both)('an error has its code as its type, and no key: %s', async (protocol) => {
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'Bad key sk-otel-secret.' })
  await expect(connect(protocol).chat('Hi')).rejects.toMatchObject({ code: 'invalid-request' })
  const { status, attributes } = onlySpan()
  expect(status).toMatchObject({ code: SpanStatusCode.ERROR })
  expect(attributes['error.type']).toBe('invalid-request')
  expect(JSON.stringify([status, attributes])).not.toContain('sk-otel')
})

test.each(both)('retries are events of the span, over both calls: %s', async (protocol) => {
  mock.use([{ type: 'error', status: 500, code: 'InternalError', retryAfter: 0 }, answer])
  await connect(protocol).stream('Hi').result()
  expect(onlySpan().events).toMatchObject([
    { name: 'retry', attributes: { 'dualscope.attempt': 1, 'error.type': 'server' } },
  ])
})

test('a fallback is an event, and the span names the protocol that answered', async () => {
  mock.use([
    { type: 'error', status: 500, code: 'InternalError', retryAfter: 0 },
    { type: 'error', status: 500, code: 'x', retryAfter: 0 },
    answer,
  ])
  const native = dashscope({ apiKey: 'sk-a', baseUrl: server.url })
  await connect('compatible', {}, (inner) => fallback([inner, native])).chat('Hi')
  const { events, attributes } = onlySpan()
  expect(events.map(({ name }) => name)).toEqual(['retry', 'fallback'])
  expect(attributes['dualscope.protocol']).toBe('dashscope')
})

test('a fallback over traced transports makes a span for each attempt', async () => {
  mock.use([{ type: 'error', status: 500, code: 'x' }, answer])
  const options = { apiKey: 'sk-a', baseUrl: server.url, retries: 0 }
  const transport = fallback([traced(compatible(options), { tracer }), traced(dashscope(options), { tracer })])
  await createClient({ transport, model: 'kimi-k3' }).chat('Hi')
  expect(spans.getFinishedSpans().map(({ attributes }) => attributes['error.type'])).toEqual(['server', undefined])
})

test.each(both)('an upload is an event: %s', async (protocol) => {
  mock.use(answer)
  const transport = protocols[protocol]({ apiKey: 'sk-a', baseUrl: server.url, media: 'upload' })
  const header = Buffer.from('89504e470d0a1a0a0000000d494844520000001400000014080200000002', 'hex')
  const content = [{ type: 'image' as const, image: new Blob([header]) }]
  await createClient({ transport: traced(transport, { tracer }), model: 'kimi-k3' }).chat({
    messages: [{ role: 'user', content }],
  })
  const { events, attributes } = onlySpan()
  expect(events.map(({ name }) => name)).toContain('upload')
  expect(attributes['server.address']).toBe('127.0.0.1')
})

test.each(both)('an abort, an early end and a reader that leaves end the span: %s', async (protocol) => {
  const client = connect(protocol)
  mock.use({ ...answer, fault: faults.stall(1) })
  await expect(client.stream('Hi', { signal: AbortSignal.timeout(100) }).result()).rejects.toMatchObject({
    name: 'TimeoutError',
  })
  mock.use({ ...answer, fault: faults.end(1) })
  await expect(client.stream('Hi', { retries: 0 }).result()).rejects.toMatchObject({ code: 'incomplete' })
  mock.use({ ...answer, latency: 20 })
  for await (const event of client.stream('Hi')) if (event.type === 'text-delta') break
  const finished = spans.getFinishedSpans()
  expect(finished.map(({ attributes }) => attributes['error.type'])).toEqual(['TimeoutError', 'incomplete', undefined])
  expect(finished[2]?.events).toMatchObject([{ name: 'left' }])
})

test('a transport that fails to close still ends its span', async () => {
  const inner: Transport = {
    protocol: 'mine',
    send: () => Promise.reject(new Error('unused')),
    stream: () => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false, value: [{ text: 'Hi' }] }),
        return: () => Promise.reject(new Error('closing failed')),
      }),
    }),
  }
  const read = async () => {
    for await (const batch of traced(inner, { tracer }).stream({ messages: [], model: 'mine' })) if (batch) break
  }
  await expect(read()).rejects.toThrow('closing failed')
  expect(onlySpan().events).toMatchObject([{ name: 'left' }])
})

test('a data URL in capitals is media too, so that its bytes are left out', async () => {
  const image = 'DATA:image/png;base64,c2VjcmV0'
  const inner: Transport = { protocol: 'mine', send: async () => ({ text: 'Hi' }), stream: async function* () {} }
  const messages = [{ role: 'user' as const, content: [{ type: 'image' as const, image }] }]
  await traced(inner, { tracer, content: true }).send({ messages, model: 'mine' })
  expect(onlySpan().attributes['gen_ai.input.messages']).toBe(
    JSON.stringify([{ role: 'user', parts: [{ type: 'blob', modality: 'image', mime_type: 'image/png' }] }]),
  )
})

test.each(both)(
  'the span is a child of the active one, and the parent of what the transport makes: %s',
  async (protocol) => {
    mock.use([answer, answer])
    const inside: (string | undefined)[] = []
    async function watchFetch(...input: Parameters<typeof fetch>) {
      inside.push(trace.getActiveSpan()?.spanContext().spanId)
      return fetch(...input)
    }
    const inner = protocols[protocol]({ apiKey: 'sk-a', baseUrl: server.url, fetch: watchFetch })
    const client = createClient({ transport: traced(inner, { tracer }), model: 'kimi-k3' })
    const parent = tracer.startSpan('parent')
    await context.with(trace.setSpan(context.active(), parent), async () => {
      await client.chat('Hi')
      await client.stream('Hi').result()
    })
    parent.end()
    const calls = spans.getFinishedSpans().filter(({ name }) => name !== 'parent')
    expect(calls.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      calls.map(() => parent.spanContext().spanId),
    )
    expect(inside).toEqual(calls.map((span) => span.spanContext().spanId))
  },
)

test.each(both)('content is written only with the option, without the bytes of media: %s', async (protocol) => {
  mock.use({ ...answer, toolCalls: [{ name: 'now', arguments: '{"zone":"UTC"}' }] })
  const client = connect(protocol, { content: true })
  await client
    .stream({
      messages: [
        { role: 'system', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'image', image: `${server.url.replace('http:', 'https:')}/a.png?signature=secret` },
            { type: 'text', text: 'What time is it?' },
          ],
        },
      ],
      tools: [{ name: 'now', description: 'The time' }],
    })
    .result()
  const { attributes } = onlySpan()
  const read = (name: string) => JSON.parse(String(attributes[name])) as unknown
  expect(read('gen_ai.input.messages')).toMatchObject([
    { role: 'system', parts: [{ type: 'text', content: 'Be brief.' }] },
    {
      role: 'user',
      parts: [
        { type: 'uri', modality: 'image' },
        { type: 'text', content: 'What time is it?' },
      ],
    },
  ])
  expect(read('gen_ai.output.messages')).toMatchObject([
    {
      role: 'assistant',
      finish_reason: 'tool_call',
      parts: [
        { type: 'reasoning', content: 'Hm.' },
        { type: 'text', content: 'Hello there' },
        { type: 'tool_call', name: 'now', arguments: { zone: 'UTC' } },
      ],
    },
  ])
  expect(attributes['gen_ai.response.finish_reasons']).toEqual(['tool_call'])
  expect(JSON.stringify(attributes)).not.toContain('secret')
})

test('metrics count tokens, durations and the time to the first chunk', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const meters = new MeterProvider({ readers: [reader] })
  mock.use([answer, answer, { type: 'error', status: 400, code: 'InvalidParameter' }])
  const client = connect('dashscope', { meter: meters.getMeter('test') })
  await client.chat('Hi')
  await client.stream('Hi').result()
  await client.chat('Hi').catch(() => {})
  await reader.forceFlush()
  const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics))
  const points = Object.fromEntries(found.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]))
  const known = new Set<unknown>(Object.values(incubating))
  expect(Object.keys(points).filter((name) => !known.has(name))).toEqual([])
  expect(points['gen_ai.client.token.usage']).toMatchObject([
    { attributes: { 'gen_ai.token.type': 'input' }, value: { count: 2, sum: 60 } },
    { attributes: { 'gen_ai.token.type': 'output' }, value: { count: 2, sum: 24 } },
  ])
  expect(points['gen_ai.client.operation.duration']?.map(({ attributes }) => attributes['error.type'])).toEqual([
    undefined,
    'invalid-request',
  ])
  expect(points['gen_ai.client.operation.time_to_first_chunk']).toMatchObject([{ value: { count: 1 } }])
  await meters.shutdown()
})
