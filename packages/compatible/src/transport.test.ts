import { createClient } from '@dualscope/core'
import { fixtures, samples, type Fixture } from '@dualscope/testing'
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { compatible } from './transport.ts'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const documented = fixtures.compatible
const client = createClient({ transport: compatible({ apiKey: 'sk-test', retries: 0 }), model: 'kimi-k2.5' })

/** Answers the next requests with documented bytes, and keeps what was asked. */
function answerWith({ response, stream, error }: Partial<Fixture>, status = 200): Request[] {
  const asked: Request[] = []
  const type = stream === undefined ? 'application/json' : 'text/event-stream'
  server.use(
    http.post('https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions', ({ request }) => {
      asked.push(request.clone())
      return new Response(response ?? stream ?? error, { status, headers: { 'content-type': type } })
    }),
  )
  return asked
}

const streaming = { stream: true, stream_options: { include_usage: true } }

test.each(['who-are-you', 'image', 'images', 'video', 'frames'] as const)(
  'the request for "%s" is the documented one, and streamed where the model thinks',
  async (name) => {
    const asked = answerWith(documented['who-are-you'])
    await client.chat(samples[name])
    const [body] = await Promise.all(asked.map((request) => request.json()))
    const thinks = name === 'who-are-you' || 'thinking' in samples[name]
    expect(body).toEqual({ ...JSON.parse(documented[name].request), ...(thinks ? streaming : {}) })
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer sk-test')
    expect(asked[0]?.headers.get('accept')).toBe(thinks ? 'text/event-stream' : 'application/json')
  },
)

test('the documented answer comes out whole', async () => {
  answerWith(documented['who-are-you'])
  const answer = JSON.parse(documented['who-are-you'].response)
  const { content, reasoning_content: reasoning } = answer.choices[0].message
  expect(await client.chat(samples['who-are-you'])).toStrictEqual({
    id: 'chatcmpl-485ab490-90ec-48c3-85fa-1c732b683db2',
    requestId: undefined,
    model: 'kimi-k2-thinking',
    protocol: 'compatible',
    text: content,
    reasoning,
    toolCalls: [],
    output: undefined,
    message: { role: 'assistant', content, reasoning },
    finishReason: 'stop',
    rawFinishReason: 'stop',
    usage: { inputTokens: 8, outputTokens: 183, totalTokens: 191 },
  })
})

test('the documented stream gives the printed thinking and answer, and the same from chat()', async () => {
  answerWith(documented['who-are-you-stream'])
  const stream = client.stream(samples['who-are-you'])
  const seen = { reasoning: '', text: '' }
  for await (const event of stream) {
    if (event.type === 'reasoning-delta') seen.reasoning += event.delta
    if (event.type === 'text-delta') seen.text += event.delta
  }
  expect(seen.reasoning).toMatch(/^The user asks "Who are you\?", [^]*- Keep it concise and clear$/)
  expect(seen.text).toMatch(/^I am an AI assistant named Kimi, [^]*How can I help you\?$/)
  const result = await stream.result()
  expect(result).toMatchObject({ ...seen, finishReason: 'stop' })
  expect(await client.chat(samples['who-are-you'])).toStrictEqual(result)
})

test('a tool call in pieces keeps its id, though later pieces repeat it empty', async () => {
  answerWith(documented['tool-call'])
  const { toolCalls, finishReason } = await client.stream('What is the weather in San Francisco?').result()
  expect(toolCalls).toEqual([
    { id: expect.stringMatching(/^call_/), name: 'weather', arguments: '{"location": "San Francisco"}' },
  ])
  expect(finishReason).toBe('tool-calls')
})

test('a refusal says what to do, and its documented code', async () => {
  answerWith(documented['invalid-api-key'], 401)
  await expect(client.chat('hi')).rejects.toMatchObject({
    code: 'authentication',
    status: 401,
    serviceCode: 'invalid_api_key',
    retryable: false,
    message: expect.stringMatching(/dashscope\.aliyuncs\.com refused the key: keys belong to a region/),
  })
})

test('a refusal inside a stream has the status documented for its code, and what had come', async () => {
  answerWith(documented['data-inspection-after-text'])
  await expect(client.stream('hi').result()).rejects.toMatchObject({
    code: 'content-inspection',
    status: 400,
    serviceCode: 'data_inspection_failed',
    partial: { text: '我是' },
  })
})
