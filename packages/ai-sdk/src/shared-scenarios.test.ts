import { compatible } from '@dualscope/compatible'
import { createClient } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, faults, fixtures, replay, type AnswerScenario, type Fault, type Fixture } from '@dualscope/testing'
import { APICallError, generateText, streamText, type GenerateTextResult, type TextStreamPart, type ToolSet } from 'ai'
import { afterEach, expect, test } from 'vitest'

import { createDualscope } from './provider.ts'

const protocols = { compatible, dashscope }
type Protocol = keyof typeof protocols
const bothProtocols = Object.keys(protocols) as Protocol[]

const mock = createMock()
const connection = { apiKey: 'sk-secret-key', fetch: mock.fetch }
const quiet = { maxRetries: 0, onError: () => undefined }

afterEach(() => {
  const issues = mock.requests.flatMap((request) => request.issues)
  mock.reset()
  if (issues.length > 0) throw new Error(JSON.stringify(issues))
})

function model(protocol: Protocol) {
  return createDualscope({ ...connection, protocol })('kimi-k2.5')
}

async function collect(stream: AsyncIterable<TextStreamPart<ToolSet>>): Promise<TextStreamPart<ToolSet>[]> {
  const parts: TextStreamPart<ToolSet>[] = []
  for await (const part of stream) parts.push(part)
  return parts
}

/** The content of an answer that both the AI SDK and the client have. */
async function said(result: {
  [K in 'text' | 'reasoningText' | 'rawFinishReason' | 'usage' | 'toolCalls']: unknown
}) {
  const { inputTokens, outputTokens, inputTokenDetails, outputTokenDetails } =
    (await result.usage) as GenerateTextResult<ToolSet, never, never>['usage']
  return {
    text: await result.text,
    reasoning: (await result.reasoningText) ?? '',
    rawFinishReason: await result.rawFinishReason,
    usage: [inputTokens, outputTokens, inputTokenDetails.cacheReadTokens, outputTokenDetails.reasoningTokens],
    toolCalls: ((await result.toolCalls) as { toolCallId: string; toolName: string }[]).map((call) => [
      call.toolCallId,
      call.toolName,
    ]),
  }
}

const documented = bothProtocols.flatMap((protocol) =>
  Object.entries<Fixture>(fixtures[protocol]).flatMap(([name, fixture]) =>
    (['response', 'stream'] as const)
      .filter((kind) => fixture[kind] !== undefined && !/inspection|invalid|cumulative|upload-policy/.test(name))
      .map((kind) => ({ protocol, name, kind, fixture })),
  ),
)

test.each(documented)(
  'over $protocol the documented $kind of "$name" says through the AI SDK what it says to a client',
  async ({ protocol, fixture, kind }) => {
    mock.use([1, 2, 3].map(() => replay(fixture, { kind })))
    const transport = protocols[protocol](connection)
    const expected = await createClient({ transport, model: 'kimi-k2.5' }).stream('Hello').result()
    const { usage, toolCalls } = expected
    const wanted = {
      text: expected.text,
      reasoning: expected.reasoning,
      rawFinishReason: expected.rawFinishReason,
      usage: [usage?.inputTokens, usage?.outputTokens, usage?.cachedTokens, usage?.reasoningTokens],
      toolCalls: toolCalls.map(({ id, name }) => [id, name]),
    }
    const generated = await generateText({ model: model(protocol), prompt: 'Hello', ...quiet })
    expect(await said(generated)).toEqual(wanted)
    expect(generated.finishReason).toBe(expected.finishReason)
    const streamed = streamText({ model: model(protocol), prompt: 'Hello', ...quiet })
    expect(await said(streamed)).toEqual(wanted)
  },
)

const refusals = [
  { protocol: 'compatible', name: 'invalid-api-key', kind: 'error', status: 401, code: 'invalid_api_key' },
  { protocol: 'compatible', name: 'data-inspection', kind: 'stream', status: 400, code: 'data_inspection_failed' },
  { protocol: 'dashscope', name: 'invalid-api-key', kind: 'error', status: 401, code: 'InvalidApiKey' },
  { protocol: 'dashscope', name: 'invalid-role', kind: 'error', status: 400, code: 'InvalidParameter' },
  { protocol: 'dashscope', name: 'invalid-role', kind: 'stream', status: 400, code: 'InvalidParameter' },
] as const

test.each(refusals)(
  'over $protocol the documented $kind "$name" is an APICallError with its status, body and code',
  async ({ protocol, name, kind, status, code }) => {
    const set: Record<string, Fixture> = fixtures[protocol]
    const fixture = set[name] as Fixture
    mock.use([replay(fixture, { kind }), replay(fixture, { kind })])
    const error: unknown = await generateText({ model: model(protocol), prompt: 'Hello' }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(APICallError)
    expect(error).toMatchObject({ statusCode: status, isRetryable: false, data: { serviceCode: code } })
    expect((error as APICallError).responseBody).toContain(code)
    expect(mock.requests).toHaveLength(1)

    const errors: unknown[] = []
    const onError = (event: { error: unknown }) => void errors.push(event.error)
    await streamText({ model: model(protocol), prompt: 'Hello', onError }).consumeStream()
    expect(errors).toMatchObject([{ statusCode: status, isRetryable: false, data: { serviceCode: code } }])
  },
)

test('over compatible an error after some text comes with the text before it', async () => {
  mock.use(replay(fixtures.compatible['data-inspection-after-text']))
  const parts = await collect(streamText({ model: model('compatible'), prompt: 'Hello', ...quiet }).stream)
  expect(parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])).join('')).toBe('我是')
  const error = parts.find((part) => part.type === 'error')?.error
  expect(error).toMatchObject({ statusCode: 400, data: { serviceCode: 'data_inspection_failed' } })
  expect(parts.find((part) => part.type === 'finish')?.finishReason).toBe('error')
})

const answer: AnswerScenario = {
  reasoning: ['Hm: ', 'ü'],
  text: [' 你', '好 👋\n', ' end '],
  toolCalls: [{ id: 'call_1', name: 'weather', arguments: ['{"city": "杭', '州"}'] }],
}

const harmless: Readonly<Record<string, readonly Fault[]>> = {
  'cut at every byte': [faults.split(1)],
  'cut inside every character': [faults.splitCharacters()],
  'all in one write': [faults.coalesce()],
  'with CR LF, cut at every byte': [faults.crlf(), faults.split(1)],
  'with comments between its frames': [faults.heartbeat()],
  'with a byte order mark, cut at every byte': [faults.byteOrderMark(), faults.split(1)],
  'without its last blank line': [faults.noLastBlankLine()],
  'without [DONE]': [faults.noDone()],
  'without a content type': [faults.contentType()],
  'as one JSON text': [faults.notStreamed()],
}

test.each(
  bothProtocols.flatMap((protocol) => Object.entries(harmless).map(([name, fault]) => ({ protocol, name, fault }))),
)('over $protocol a stream $name has the same parts', async ({ protocol, fault }) => {
  mock.use({ ...answer, fault })
  const { stream } = await model(protocol).doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  })
  const shown: string[] = []
  for await (const part of stream) {
    if ('delta' in part && shown.at(-1)?.startsWith(`${part.type} `)) shown.push(`${shown.pop()}${part.delta}`)
    else if ('delta' in part) shown.push(`${part.type} ${part.delta}`)
    else shown.push(part.type === 'tool-call' ? `${part.toolCallId} ${part.toolName} ${part.input}` : part.type)
  }
  expect(shown).toEqual([
    'stream-start',
    'response-metadata',
    'reasoning-start',
    'reasoning-delta Hm: ü',
    'reasoning-end',
    'text-start',
    'text-delta  你好 👋\n end ',
    'text-end',
    'tool-input-start',
    'tool-input-delta {"city": "杭州"}',
    'tool-input-end',
    'call_1 weather {"city": "杭州"}',
    'finish',
  ])
})

const texts = ['one', 'two', 'three', 'four', 'five', 'six']
const endings = {
  'ends after three frames': {
    scenario: { text: texts, fault: faults.end({ text: 2 }) },
    reason: 'interrupted',
    errors: 0,
  },
  'ends without a finish reason': { scenario: { text: texts, finishReason: null }, reason: 'interrupted', errors: 0 },
  'breaks between its frames': {
    scenario: { text: texts, fault: faults.reset({ text: 2 }) },
    reason: 'error',
    errors: 1,
  },
  'stops sending': { scenario: { text: texts, fault: faults.stall({ text: 2 }) }, reason: 'error', errors: 1 },
} as const

test.each(
  bothProtocols.flatMap((protocol) => Object.entries(endings).map(([name, row]) => ({ protocol, name, ...row }))),
)(
  'over $protocol a stream that $name finishes as $reason, with what had arrived',
  async ({ protocol, scenario, reason, errors }) => {
    mock.use(scenario)
    const provider = createDualscope({ ...connection, protocol, timeout: 200 })
    const parts = await collect(streamText({ model: provider('kimi-k2.5'), prompt: 'Hello', ...quiet }).stream)
    const text = parts.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])).join('')
    expect(text).toMatch(/^one/)
    expect(texts.join('').startsWith(text)).toBe(true)
    expect(parts.filter(({ type }) => type === 'text-end')).toHaveLength(1)
    expect(parts.filter(({ type }) => type === 'error')).toHaveLength(errors)
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: reason })
    expect(mock.openResponses).toBe(0)
  },
)

test.each(bothProtocols)('over %s a whole answer that ends early is retried by the AI SDK', async (protocol) => {
  mock.use([{ text: texts, fault: faults.end({ text: 2 }), headers: { 'retry-after': '0' } }, { text: 'whole' }])
  const { text } = await generateText({ model: model(protocol), prompt: 'Hello' })
  expect(text).toBe('whole')
  expect(mock.requests).toHaveLength(2)
})

test.each(bothProtocols)('over %s the key is in no error, whatever the service quotes', async (protocol) => {
  const body = JSON.stringify({
    code: 'X',
    error: { code: 'x', message: 'bad sk-secret-key' },
    message: 'bad sk-secret-key',
  })
  mock.use({ type: 'raw', status: 400, body, headers: { 'content-type': 'application/json' } })
  const error: unknown = await generateText({ model: model(protocol), prompt: 'Hello', ...quiet }).catch(
    (e: unknown) => e,
  )
  expect(error).toMatchObject({ statusCode: 400, responseBody: body.replaceAll('sk-secret-key', '[redacted]') })
  const { inspect } = await import('node:util')
  expect(inspect(error, { depth: 10 })).not.toContain('sk-secret-key')
})
