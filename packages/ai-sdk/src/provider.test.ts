import {
  APICallError,
  NoSuchModelError,
  UnsupportedFunctionalityError,
  type LanguageModelV4Prompt,
} from '@ai-sdk/provider'
import { compatible } from '@dualscope/compatible'
import { DualscopeError, fallback, type ChatChunk, type Transport } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, faults } from '@dualscope/testing'
import {
  createProviderRegistry,
  generateText,
  isStepCount,
  Output,
  streamText,
  tool,
  ToolLoopAgent,
  type LanguageModel,
  type ModelMessage,
} from 'ai'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import * as z from 'zod'

import { createDualscope, dualscope } from './provider.ts'

const protocols = ['compatible', 'dashscope'] as const
type Protocol = (typeof protocols)[number]

const mock = createMock()

beforeAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = false
})

afterEach(() => {
  vi.unstubAllEnvs()
  const issues = mock.requests.flatMap((request) => request.issues)
  mock.reset()
  if (issues.length > 0) throw new Error(JSON.stringify(issues))
})

function provider(protocol: Protocol) {
  return createDualscope({ protocol, apiKey: 'sk-test', fetch: mock.fetch })
}

/** The body that arrived, whatever the protocol wraps it in. */
function sentMessages(index: number): { role: string; content: unknown; reasoning_content?: string }[] {
  const body = mock.requests[index]?.body as { messages?: []; input?: { messages: [] } }
  return body.messages ?? body.input?.messages ?? []
}

function abortAfter(milliseconds: number, reason: Error): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), milliseconds)
  return controller.signal
}

function ignore(): void {}

const weather = tool({
  description: 'The weather of a city',
  inputSchema: z.object({ city: z.string() }),
  execute: ({ city }) => ({ city, weather: city === 'Ulm' ? 'sunny' : 'rainy' }),
})

const twoCalls = {
  reasoning: 'Two cities.',
  toolCalls: [
    { id: 'call_1', name: 'weather', arguments: ['{"city":', '"Ulm"}'] },
    { id: 'call_2', name: 'weather', arguments: '{"city":"Kiel"}' },
  ],
}

test('a provider makes models of specification v4 that say which protocol they use', () => {
  vi.stubEnv('DUALSCOPE_PROTOCOL', '')
  expect(dualscope.specificationVersion).toBe('v4')
  expect(dualscope('kimi-k2.5')).toMatchObject({
    specificationVersion: 'v4',
    provider: 'dualscope.compatible',
    modelId: 'kimi-k2.5',
  })
  expect(createDualscope({ protocol: 'dashscope' }).languageModel('kimi-k3').provider).toBe('dualscope.dashscope')
  vi.stubEnv('DUALSCOPE_PROTOCOL', 'dashscope,compatible')
  expect(dualscope.chatModel('kimi-k3').provider).toBe('dualscope.dashscope,compatible')
  expect(createDualscope({ transport: { ...compatible(), protocol: 'mine' } })('a').provider).toBe('dualscope.mine')
})

test('a provider has only language models, and works in a registry', async () => {
  expect(() => dualscope.embeddingModel('text-embedding-v4')).toThrow(NoSuchModelError)
  expect(() => dualscope.imageModel('wan')).toThrow(NoSuchModelError)
  const registry = createProviderRegistry({ dualscope: provider('dashscope') })
  const { text } = await generateText({ model: registry.languageModel('dualscope:kimi-k2.5'), prompt: 'Hi' })
  expect(text).toBe('You said: Hi')
})

test('invalid options and a missing key are configuration errors of the first call', async () => {
  vi.stubEnv('DASHSCOPE_API_KEY', '')
  const protocol = 'grpc' as 'compatible'
  await expect(generateText({ model: createDualscope({ protocol })('kimi-k2.5'), prompt: 'Hi' })).rejects.toMatchObject(
    {
      code: 'configuration',
      message: /"grpc" is unknown/,
    },
  )
  await expect(generateText({ model: createDualscope()('kimi-k2.5'), prompt: 'Hi' })).rejects.toMatchObject({
    code: 'configuration',
    message: /DASHSCOPE_API_KEY/,
  })
})

test.each(protocols)(
  'over %s a result has usage, finish reasons, metadata, headers and the request',
  async (protocol) => {
    mock.use({
      reasoning: 'Hm.',
      text: 'Hello',
      usage: {
        inputTokens: 100,
        outputTokens: 20,
        totalTokens: 120,
        reasoningTokens: 8,
        cachedTokens: 60,
        cacheWriteTokens: 10,
      },
      headers: { 'x-request-id': 'request-1' },
      id: protocol === 'compatible' ? 'chatcmpl-1' : 'request-1',
    })
    const result = await generateText({
      model: provider(protocol)('kimi-k2.5'),
      prompt: 'Hi',
      include: { requestBody: true },
    })
    expect(result.usage).toMatchObject({
      inputTokens: 100,
      inputTokenDetails: { noCacheTokens: 30, cacheReadTokens: 60, cacheWriteTokens: 10 },
      outputTokens: 20,
      outputTokenDetails: { textTokens: 12, reasoningTokens: 8 },
      totalTokens: 120,
    })
    expect(result).toMatchObject({ text: 'Hello', reasoningText: 'Hm.', finishReason: 'stop', rawFinishReason: 'stop' })
    const { response, request, providerMetadata } = result.finalStep
    expect(response.id).toBe(protocol === 'compatible' ? 'chatcmpl-1' : 'request-1')
    expect(response).toMatchObject({ modelId: 'kimi-k2.5', headers: { 'x-request-id': 'request-1' } })
    expect(providerMetadata).toEqual({ dualscope: { protocol, requestId: 'request-1' } })
    expect(request.body).toEqual(mock.requests[0]?.body)
    expect(request.url).toBe('https://dashscope.aliyuncs.com')
  },
)

test.each(protocols)('over %s usage that the service does not state is undefined', async (protocol) => {
  mock.use({ text: 'Hello', usage: null })
  const { usage } = await generateText({ model: provider(protocol)('kimi-k2.5'), prompt: 'Hi' })
  expect([usage.inputTokens, usage.outputTokens, usage.totalTokens]).toEqual([undefined, undefined, undefined])
})

test.each(protocols)(
  'over %s tools run over several steps, with parallel calls, and reasoning goes back',
  async (protocol) => {
    mock.use([twoCalls, { text: 'Ulm is sunny, Kiel is rainy.' }])
    const result = streamText({
      model: provider(protocol)('kimi-k2.5'),
      instructions: 'Be brief.',
      prompt: 'Ulm or Kiel?',
      tools: { weather },
      reasoning: 'high',
      stopWhen: isStepCount(3),
    })
    expect(await result.text).toBe('Ulm is sunny, Kiel is rainy.')
    const [first] = await result.steps
    expect(first?.toolResults.map(({ toolCallId, output }) => [toolCallId, output])).toEqual([
      ['call_1', { city: 'Ulm', weather: 'sunny' }],
      ['call_2', { city: 'Kiel', weather: 'rainy' }],
    ])
    expect(sentMessages(1).map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'tool'])
    expect(sentMessages(1)[2]).toMatchObject({ reasoning_content: 'Two cities.' })
    expect(JSON.stringify(sentMessages(1)[4])).toContain('rainy')
  },
)

test.each(protocols)(
  'over %s a tool that throws, and a call with malformed JSON, answer the model',
  async (protocol) => {
    const failing = tool({
      inputSchema: z.object({ city: z.string() }),
      execute: (): string => {
        throw new Error('No such city')
      },
    })
    mock.use([
      {
        toolCalls: [
          { name: 'failing', arguments: '{"city":"Atlantis"}' },
          { name: 'failing', arguments: '{"city":' },
        ],
      },
      { text: 'Sorry.' },
    ])
    const { text } = await generateText({
      model: provider(protocol)('kimi-k2.5'),
      prompt: 'Atlantis?',
      tools: { failing },
      stopWhen: isStepCount(2),
    })
    expect(text).toBe('Sorry.')
    expect(JSON.stringify(sentMessages(1)[2])).toContain('No such city')
    expect(JSON.stringify(sentMessages(1)[3])).toMatch(/failing/)
  },
)

test.each(protocols)('over %s an agent loops over its tools', async (protocol) => {
  mock.use([twoCalls, { text: ['Ulm', ' it is.'] }, twoCalls, { text: ['Ulm', ' it is.'] }])
  const agent = new ToolLoopAgent({
    model: provider(protocol)('kimi-k3'),
    tools: { weather },
    instructions: 'Be brief.',
  })
  const generated = await agent.generate({ prompt: 'Ulm or Kiel?' })
  expect(generated).toMatchObject({ text: 'Ulm it is.', steps: { length: 2 } })
  const streamed = await agent.stream({ prompt: 'Ulm or Kiel?' })
  expect(await streamed.text).toBe('Ulm it is.')
})

const planet = z.object({ name: z.string(), moons: z.array(z.string()) })
const mars = { name: 'Mars', moons: ['Phobos', 'Deimos'] }
const wraps = {
  plain: (json: string) => json,
  fenced: (json: string) => `Here you are:\n\`\`\`json\n${json}\n\`\`\`\n`,
}

test.each(
  protocols.flatMap((protocol) =>
    (['kimi-k2.5', 'kimi-k3', 'qwen-plus'] as const).map((model) => [protocol, model] as const),
  ),
)('over %s and with %s an object is an object, generated and streamed', async (protocol, modelId) => {
  const json = JSON.stringify(mars)
  const model = provider(protocol)(modelId)
  mock.use([{ text: json }, { text: json.match(/.{1,5}/g) ?? [] }])
  const generated = await generateText({ model, prompt: 'Mars?', output: Output.object({ schema: planet }) })
  expect(generated.output).toEqual(mars)
  const streamed = streamText({ model, prompt: 'Mars?', output: Output.object({ schema: planet }) })
  const partial: unknown[] = []
  for await (const each of streamed.partialOutputStream) partial.push(each)
  expect(partial.length).toBeGreaterThan(3)
  expect(await streamed.output).toEqual(mars)
  expect(JSON.stringify(mock.requests[0]?.body)).toContain('moons')
})

test.each(protocols)('over %s an object in a code fence is an object, streamed', async (protocol) => {
  mock.use({ text: wraps.fenced(JSON.stringify(mars)).match(/[^]{1,3}/g) ?? [] })
  const streamed = streamText({
    model: provider(protocol)('kimi-k2.5'),
    prompt: 'Mars?',
    output: Output.object({ schema: planet }),
  })
  expect(await streamed.output).toEqual(mars)
})

test.each(protocols)(
  'over %s an object in a code fence is an object, generated, and the text stays as it came',
  async (protocol) => {
    const text = `\`\`\`json\n${JSON.stringify(mars)}\n\`\`\``
    mock.use({ text })
    const generated = await generateText({
      model: provider(protocol)('kimi-k2.5'),
      prompt: 'Mars?',
      output: Output.object({ schema: planet }),
    })
    expect(generated).toMatchObject({ output: mars, text })
  },
)

test.each(protocols)('over %s arrays, choices and any JSON come as such', async (protocol) => {
  const model = provider(protocol)('kimi-k3')
  mock.use([
    { text: '{"elements":["Phobos","Deimos"]}' },
    { text: ['{"elements":["Pho', 'bos","Dei', 'mos"]}'] },
    { text: '{"result":"Mars"}' },
    { text: '[1,2]' },
  ])
  const array = Output.array({ element: z.string() })
  expect((await generateText({ model, prompt: 'Moons?', output: array })).output).toEqual(['Phobos', 'Deimos'])
  const elements: string[] = []
  for await (const element of streamText({ model, prompt: 'Moons?', output: array }).elementStream)
    elements.push(element)
  expect(elements).toEqual(['Phobos', 'Deimos'])
  const choice = Output.choice({ options: ['Mars', 'Venus'] })
  expect((await generateText({ model, prompt: 'Which?', output: choice })).output).toBe('Mars')
  expect((await generateText({ model, prompt: 'Any?', output: Output.json() })).output).toEqual([1, 2])
})

test.each(protocols)('over %s an object that does not match is the AI SDK’s own error', async (protocol) => {
  mock.use({ text: '{"name":4}' })
  const call = generateText({
    model: provider(protocol)('kimi-k3'),
    prompt: 'Mars?',
    output: Output.object({ schema: planet }),
  })
  await expect(call.then(({ output }) => output)).rejects.toMatchObject({ name: 'AI_NoObjectGeneratedError' })
})

test.each(protocols)('over %s no delta ends within a character', async (protocol) => {
  const [high, low] = ['\uD83D', '\uDC4B']
  const pieces = [`a${high}`, `${low}b`]
  mock.use({
    reasoning: pieces,
    text: pieces,
    toolCalls: [{ name: 'weather', arguments: [`{"city":"${high}`, `${low}"}`] }],
  })
  const { stream } = await provider(protocol)('kimi-k2.5').doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    reasoning: 'high',
  })
  const deltas: string[] = []
  for await (const part of stream) if ('delta' in part) deltas.push(part.delta)
  expect(deltas.every((delta) => delta.isWellFormed())).toBe(true)
  expect(deltas.join('')).toBe('a👋ba👋b{"city":"👋"}')
})

test.each(protocols)(
  'over %s what cannot be sent is a warning, and what has nothing left to send an error',
  async (protocol) => {
    const content: ModelMessage[] = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'file', mediaType: 'image', data: new URL('https://example.com/a.png') },
        ],
      },
    ]
    const model = provider(protocol)('kimi-k2-thinking')
    const { warnings } = await generateText({
      model,
      messages: content,
      topP: 0.5,
      frequencyPenalty: 1,
      reasoning: 'none',
    })
    expect(warnings?.map((warning) => ('feature' in warning ? warning.feature : warning.type)).sort()).toEqual([
      'frequencyPenalty',
      'image',
      'reasoning',
      'topP',
    ])
    const strict = createDualscope({ protocol, apiKey: 'sk-test', fetch: mock.fetch, unsupported: 'error' })
    await expect(generateText({ model: strict('kimi-k2-thinking'), prompt: 'Hi', topP: 0.5 })).rejects.toThrow(
      UnsupportedFunctionalityError,
    )
  },
)

test.each(protocols)('over %s raw chunks are the events of the service, if they are asked for', async (protocol) => {
  mock.use([{ text: ['a', 'b'] }, { text: ['a', 'b'] }])
  const types: string[][] = []
  for (const rawChunks of [true, false]) {
    const parts = []
    for await (const part of streamText({
      model: provider(protocol)('kimi-k2.5'),
      prompt: 'Hi',
      include: { rawChunks },
    }).stream) {
      parts.push(part)
    }
    types.push(parts.map(({ type }) => type))
    const raw = parts.flatMap((part) => (part.type === 'raw' ? [part.rawValue] : []))
    for (const event of raw) expect(event).toHaveProperty(protocol === 'compatible' ? 'choices' : 'output.choices')
  }
  expect(types[0]?.filter((type) => type === 'raw').length).toBeGreaterThan(1)
  expect(types[0]?.indexOf('raw')).toBeLessThan(types[0]?.indexOf('text-start') ?? 0)
  expect(types[1]).not.toContain('raw')
})

test.each(protocols)('over %s only the AI SDK retries', async (protocol) => {
  mock.use([{ fault: faults.throttle(0) }, { fault: faults.throttle(0) }, { text: 'Hello' }])
  const eager = createDualscope({ protocol, apiKey: 'sk-test', fetch: mock.fetch, retries: 5 })
  await expect(generateText({ model: eager('kimi-k2.5'), prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    statusCode: 429,
    isRetryable: true,
    responseHeaders: { 'retry-after': '0' },
  })
  expect(mock.requests).toHaveLength(1)
  const { text } = await generateText({ model: eager('kimi-k2.5'), prompt: 'Hi', maxRetries: 1 })
  expect(text).toBe('Hello')
  expect(mock.requests).toHaveLength(3)
})

test.each(protocols)(
  'over %s a stream that begins with an error is retried by the AI SDK',
  async (protocol) => {
    const busy = {
      type: 'error',
      status: 503,
      code: { compatible: 'x', dashscope: 'ServiceUnavailable' },
      message: 'Busy',
      headers: { 'retry-after': '0' },
      after: 0,
    } as const
    mock.use([busy, { text: 'Hello' }])
    const result = streamText({ model: provider(protocol)('kimi-k2.5'), prompt: 'Hi', maxRetries: 1 })
    expect(await result.text).toBe('Hello')
    expect(mock.requests).toHaveLength(2)
  },
  10_000,
)

test.each(protocols)('over %s a refused connection is an APICallError that may be retried', async (protocol) => {
  mock.use({ fault: faults.noConnection() })
  const error: unknown = await generateText({
    model: provider(protocol)('kimi-k2.5'),
    prompt: 'Hi',
    maxRetries: 0,
  }).catch((e: unknown) => e)
  expect(APICallError.isInstance(error)).toBe(true)
  expect(error).toMatchObject({
    isRetryable: true,
    data: { code: 'connection' },
    url: /^https:\/\/dashscope\.aliyuncs\.com\//,
  })
})

test.each(protocols)(
  'over %s an abort rejects with its reason, before the first event and after it',
  async (protocol) => {
    const prompt: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]
    const reason = new Error('enough')
    mock.use([{ fault: faults.silence() }, { text: ['a', 'b', 'c'], fault: faults.stall({ text: 1 }) }])
    const early = provider(protocol)('kimi-k2.5').doStream({ prompt, abortSignal: abortAfter(20, reason) })
    await expect(early).rejects.toBe(reason)
    const { stream } = await provider(protocol)('kimi-k2.5').doStream({ prompt, abortSignal: abortAfter(50, reason) })
    const seen: string[] = []
    const reading = (async () => {
      for await (const { type } of stream) seen.push(type)
    })()
    await expect(reading).rejects.toBe(reason)
    expect(seen).toContain('text-delta')
    await vi.waitFor(() => expect(mock.openResponses).toBe(0))
  },
)

test.each(protocols)('over %s headers of a call and of the provider are sent', async (protocol) => {
  const named = createDualscope({ protocol, apiKey: 'sk-test', fetch: mock.fetch, headers: { 'x-app': 'mine' } })
  await generateText({ model: named('kimi-k2.5'), prompt: 'Hi', headers: { 'x-call': 'one', 'x-none': undefined } })
  expect(mock.requests[0]?.headers).toMatchObject({ 'x-app': 'mine', 'x-call': 'one' })
})

test('sources of a web search come as sources', async () => {
  const pages = [{ title: 'One', url: 'https://one.test/', siteName: 'One', index: 1 }]
  mock.use([1, 2].map(() => ({ text: ['Hi', ' there'], sources: pages })))
  const model = provider('dashscope')('kimi-k3')
  const providerOptions = { dualscope: { search: { sources: true } } }
  const generated = await generateText({ model, prompt: 'News?', providerOptions })
  expect(generated.sources).toMatchObject([{ sourceType: 'url', title: 'One', url: 'https://one.test/' }])
  const streamed = streamText({ model, prompt: 'News?', providerOptions })
  expect(await streamed.sources).toMatchObject([
    { title: 'One', providerMetadata: { dualscope: { siteName: 'One', index: 1 } } },
  ])
})

test('a fallback names the protocol that answered, and warns only of what that one left out', async () => {
  const both = createDualscope({ protocol: 'compatible,dashscope', apiKey: 'sk-test', fetch: mock.fetch })
  mock.use({ fault: faults.empty(503) })
  const content: ModelMessage[] = [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Hi' },
        {
          type: 'file',
          mediaType: 'video',
          data: new URL('https://example.com/a.mp4'),
          providerOptions: { dualscope: { maxFrames: 10 } },
        },
      ],
    },
  ]
  const result = await generateText({ model: both('kimi-k2.5'), messages: content })
  expect(result.finalStep.providerMetadata?.['dualscope']).toMatchObject({ protocol: 'dashscope' })
  expect(result.warnings).toEqual([])
  expect(mock.requests.map(({ protocol }) => protocol)).toEqual(['compatible', 'dashscope'])
})

test('a custom transport carries every call, and its chunks are the raw ones', async () => {
  const retries: (number | undefined)[] = []
  const chunks: ChatChunk[] = [{ text: 'Hel' }, { text: 'lo', finishReason: 'stop', rawFinishReason: 'end' }]
  const transport: Transport = {
    protocol: 'mine',
    send: () => Promise.reject(new DualscopeError('unsupported', 'send: not here')),
    async *stream(_request, options) {
      retries.push(options?.retries)
      for (const chunk of chunks) yield [chunk]
    },
  }
  const model: LanguageModel = createDualscope({ transport })('any')
  const raw: unknown[] = []
  const streamed = streamText({ model, prompt: 'Hi', include: { rawChunks: true } })
  for await (const part of streamed.stream) if (part.type === 'raw') raw.push(part.rawValue)
  expect(raw).toEqual(chunks)
  expect(await streamed.text).toBe('Hello')
  expect((await generateText({ model, prompt: 'Hi' })).rawFinishReason).toBe('end')
  expect(retries).toEqual([0, 0])
})

test.each(protocols)(
  'a wrapped transport over %s reports headers, bodies and warnings of each call',
  async (protocol) => {
    const create = { compatible, dashscope }[protocol]
    const inner = create({ apiKey: 'sk-test', fetch: mock.fetch, unsupported: 'drop' })
    const wrapped = createDualscope({ transport: fallback([inner, inner]) })
    mock.use(['a', 'b'].map((text) => ({ text, latency: 5, headers: { 'x-text': text } })))
    const results = await Promise.all(
      [{ topK: 4 }, {}].map((options) =>
        generateText({ model: wrapped('kimi-k2.5'), prompt: 'Hi', include: { requestBody: true }, ...options }),
      ),
    )
    for (const { text, finalStep } of results) expect(finalStep.response.headers?.['x-text']).toBe(text)
    expect(results.map(({ warnings }) => warnings?.length)).toEqual([1, 0])
    expect(results[0]?.finalStep.request.body).toMatchObject({ model: 'kimi-k2.5' })
  },
)

test('calls at the same time see only their own answers, headers and warnings', async () => {
  const shared = provider('dashscope')
  mock.use(
    [1, 2, 3, 4].map((number) => ({ text: `${number}`.repeat(9), latency: 5, headers: { 'x-number': `${number}` } })),
  )
  const results = await Promise.all(
    [1, 2, 3, 4].map((number) =>
      generateText({ model: shared('kimi-k2.5'), prompt: 'Hi', ...(number % 2 && { topK: 4 }) }),
    ),
  )
  for (const { text, finalStep } of results) expect(finalStep.response.headers?.['x-number']).toBe(text[0])
  expect(results.map(({ warnings }) => warnings?.length)).toEqual([1, 0, 1, 0])
})

test.each(protocols)('over %s an answer continues the last message in partial mode', async (protocol) => {
  const messages: ModelMessage[] = [
    { role: 'user', content: 'A poem.' },
    { role: 'assistant', content: 'Roses are', providerOptions: { dualscope: { partial: true } } },
  ]
  const { text } = await generateText({ model: provider(protocol)('kimi-k3'), messages })
  expect(text).toBe(' … and so on.')
})

test.each(protocols)('over %s the continuation of a JSON text comes whole', async (protocol) => {
  mock.use({ text: ['{"name":"Phobos"},', '{"name":"Deimos"}]}'] })
  const messages: ModelMessage[] = [
    { role: 'user', content: 'The moons of Mars, as json.' },
    { role: 'assistant', content: '{"moons":[', providerOptions: { dualscope: { partial: true } } },
  ]
  const streamed = streamText({
    model: provider(protocol)('kimi-k3'),
    messages,
    output: Output.json(),
    onError: ignore,
  })
  let text = ''
  for await (const delta of streamed.textStream) text += delta
  expect(text).toBe('{"name":"Phobos"},{"name":"Deimos"}]}')
})

test.each(protocols)('over %s options of a call and marks of a message reach the service', async (protocol) => {
  const logprobs = { content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }] }
  mock.use({ text: 'Hi', logprobs })
  const result = await generateText({
    model: provider(protocol)('qwen-plus'),
    instructions: { role: 'system', content: 'Long.', providerOptions: { dualscope: { cache: true } } },
    prompt: 'Hi',
    providerOptions: { dualscope: { logprobs: 1, repetitionPenalty: 1.5, extra: { top_a: 1 } } },
  })
  const body = JSON.stringify(mock.requests[0]?.body)
  // text-generation does not support a mark.
  expect(protocol === 'compatible' ? body : JSON.stringify(result.warnings)).toContain('cache')
  for (const text of ['"top_logprobs":1', '"repetition_penalty":1.5', '"top_a":1']) {
    expect(body).toContain(text)
  }
  expect(result.finalStep.providerMetadata?.['dualscope']).toMatchObject({ logprobs })
})

test.each(protocols)(
  'over %s reasoning of earlier turns goes back to models that read it, and to no other',
  async (protocol) => {
    const messages: ModelMessage[] = [
      { role: 'user', content: 'A?' },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Because.' },
          { type: 'text', text: 'B.' },
        ],
      },
      { role: 'user', content: 'C?' },
    ]
    const kept: unknown[] = []
    for (const [id, thinking] of [
      ['kimi-k2.5', true],
      ['kimi-k2.6', { preserve: true }],
      ['kimi-k3', true],
    ] as const) {
      await generateText({ model: provider(protocol)(id), messages, providerOptions: { dualscope: { thinking } } })
      kept.push(sentMessages(kept.length)[1]?.reasoning_content)
    }
    expect(kept).toEqual([undefined, 'Because.', 'Because.'])
  },
)
