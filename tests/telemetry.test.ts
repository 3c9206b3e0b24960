// Traces around limits and fallbacks and within them, and below the AI SDK, over both protocols.
import { createDualscope } from '@dualscope/ai-sdk'
import { limited } from '@dualscope/batch'
import { compatible } from '@dualscope/compatible'
import { createClient, fallback, runTools, type Transport } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { traced } from '@dualscope/otel'
import { createMock, faults } from '@dualscope/testing'
import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { generateText, streamText } from 'ai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const spans = new InMemorySpanExporter()
const tracer = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] }).getTracer('test')
const mock = createMock()
const both = [compatible, dashscope].map((create) => create({ apiKey: 'any', fetch: mock.fetch, retries: 0 }))
const [openai, native] = both as [Transport, Transport]
const limits = { requestsPerMinute: 6000, retries: 1 }

beforeAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = false
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterEach(() => {
  spans.reset()
  mock.reset()
})
afterAll(() => context.disable())

/** Returns the events and the error of each span so far. */
function outline() {
  return spans
    .getFinishedSpans()
    .map(({ events, attributes }) => [...events.map(({ name }) => name), attributes['error.type']].filter(Boolean))
}

function wrap(transport: Transport): Transport {
  return traced(transport, { tracer })
}

const failure = { type: 'error', status: 500, code: 'InternalError', retryAfter: 0 } as const
const orders: readonly [string, Transport, string[][]][] = [
  ['around limits', wrap(limited(openai, limits)), [['retry']]],
  ['within limits', limited(wrap(openai), limits), [['server'], []]],
  ['around a fallback', wrap(fallback([openai, native])), [['fallback']]],
  ['within a fallback', fallback([wrap(openai), wrap(native)]), [['server'], []]],
  ['around limits and a fallback', wrap(limited(fallback([openai, native]), limits)), [['fallback']]],
  ['around a fallback over limits', wrap(fallback([limited(openai, limits), native])), [['retry']]],
]

test.each(orders)('a trace %s shows a call whose first attempt fails', async (_, transport, expected) => {
  const client = createClient({ transport, model: 'kimi-k3' })
  mock.use([failure, { text: 'One' }])
  await client.chat('Hi')
  mock.use([failure, { text: 'Two' }])
  await client.stream('Hi').result()
  expect(outline()).toEqual([...expected, ...expected])
})

test('the span of a resumed answer is followed by one of its continuation', async () => {
  mock.use([{ text: ['Hello', ' there'], fault: faults.end({ text: 1 }) }, { text: ' you' }])
  const client = createClient({ transport: wrap(openai), model: 'kimi-k3' })
  await client.stream('Hi', { resume: true }).result()
  expect(outline()).toEqual([['incomplete'], []])
})

test('each step of a tool loop is a span within the active one', async () => {
  mock.use([{ toolCalls: [{ name: 'now', arguments: '{}' }] }, { text: 'Noon.' }])
  const client = createClient({ transport: wrap(native), model: 'kimi-k3' })
  const parent = tracer.startSpan('parent')
  const now = { name: 'now', description: 'The time', execute: () => 'noon' }
  await context.with(trace.setSpan(context.active(), parent), () =>
    runTools(client, { messages: [{ role: 'user', content: 'What time is it?' }], tools: [now] }).result(),
  )
  expect(spans.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
    Array.from({ length: 2 }, () => parent.spanContext().spanId),
  )
})

test.each(['compatible', 'dashscope'])('the AI SDK takes a traced transport: %s', async (protocol) => {
  const inner = { compatible, dashscope }[protocol]!({ apiKey: 'any', fetch: mock.fetch, unsupported: 'drop' })
  const model = createDualscope({ transport: wrap(inner) })('kimi-k3')
  mock.use([{ text: 'One' }, { text: ['Two', ' three'] }, failure, { text: 'Four' }])
  const { warnings } = await generateText({ model, prompt: 'Hi', topK: 5 })
  await streamText({ model, prompt: 'Hi' }).text
  await generateText({ model, prompt: 'Hi' })
  expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'topK' }])
  expect(outline()).toEqual([[], [], ['server'], []])
  const [, streamed, failed] = spans.getFinishedSpans()
  expect(failed?.status.code).toBe(SpanStatusCode.ERROR)
  expect(streamed?.attributes).toMatchObject({
    'gen_ai.request.model': 'kimi-k3',
    'gen_ai.request.stream': true,
    'dualscope.protocol': protocol,
  })
})
