import { createClient } from '@dualscope/core'
import { fixtures, samples, type Fixture } from '@dualscope/testing'
import { http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { dashscope } from './transport.ts'

const server = setupServer()
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterEach(() => server.resetHandlers())
afterAll(() => server.close())

const documented = fixtures.dashscope
const options = { apiKey: 'sk-test', retries: 0 }
const client = createClient({ transport: dashscope(options), model: 'kimi-k2.5' })

/** Answers the next requests with documented bytes, and keeps what was asked. */
function answerWith({ response, stream, error }: Partial<Fixture>, status = 200): Request[] {
  const asked: Request[] = []
  const type = stream === undefined ? 'application/json' : 'text/event-stream;charset=UTF-8'
  server.use(
    http.post('https://dashscope.aliyuncs.com/api/v1/services/aigc/:service/generation', ({ request }) => {
      asked.push(request.clone())
      return new Response(response ?? stream ?? error, { status, headers: { 'content-type': type } })
    }),
  )
  return asked
}

test.each(['who-are-you', 'image', 'images', 'video', 'frames'] as const)(
  'the request for "%s" is the documented one with the result format, and streamed where the model thinks',
  async (name) => {
    const asked = answerWith(documented['who-are-you'])
    await client.chat(samples[name])
    const [body] = await Promise.all(asked.map((request) => request.json()))
    const thinks = name === 'who-are-you' || 'thinking' in samples[name]
    const { parameters, ...rest } = JSON.parse(documented[name].request)
    expect(body).toEqual({
      ...rest,
      parameters: { ...parameters, result_format: 'message', ...(thinks ? { incremental_output: true } : {}) },
    })
    const service = name === 'who-are-you' ? 'text-generation' : 'multimodal-generation'
    expect(asked[0]?.url).toBe(`https://dashscope.aliyuncs.com/api/v1/services/aigc/${service}/generation`)
    expect(asked[0]?.headers.get('authorization')).toBe('Bearer sk-test')
    expect(asked[0]?.headers.get('x-dashscope-sse')).toBe(thinks ? 'enable' : null)
  },
)

test('plain text to a multimodal model goes out as parts', async () => {
  const asked = answerWith(documented.multimodal)
  await client.chat({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Who are you?' },
      { role: 'assistant', content: 'Kimi.' },
      { role: 'user', content: 'And I?' },
    ],
  })
  const [body] = await Promise.all(asked.map((request) => request.json()))
  expect(body.input.messages).toEqual([
    { role: 'system', content: [{ text: 'Be brief.' }] },
    { role: 'user', content: [{ text: 'Who are you?' }] },
    { role: 'assistant', content: [{ text: 'Kimi.' }] },
    { role: 'user', content: [{ text: 'And I?' }] },
  ])
})

test('the documented answer comes out whole', async () => {
  answerWith(documented['who-are-you'])
  const { content, reasoning_content: reasoning } = JSON.parse(documented['who-are-you'].response).output.choices[0]
    .message
  expect(await client.chat(samples['who-are-you'])).toStrictEqual({
    id: '709a0697-ed1f-4298-82c9-a4b878da1849',
    requestId: '709a0697-ed1f-4298-82c9-a4b878da1849',
    model: 'kimi-k2-thinking',
    protocol: 'dashscope',
    text: content,
    reasoning,
    toolCalls: [],
    output: undefined,
    message: { role: 'assistant', content, reasoning },
    finishReason: 'stop',
    rawFinishReason: 'stop',
    usage: { inputTokens: 9, outputTokens: 156, totalTokens: 165 },
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
  expect(seen.reasoning).toMatch(/^The user asks "Who are you\?", [^]*invites further interaction\.$/)
  expect(seen.text).toMatch(/^I am Kimi, [^]*How can I help you\?$/)
  const result = await stream.result()
  expect(result).toMatchObject({ ...seen, finishReason: 'stop' })
  expect(await client.chat(samples['who-are-you'])).toStrictEqual(result)
})

test('a finishing frame may carry text, or be empty', async () => {
  answerWith(documented['multimodal-thinking'])
  expect((await client.stream('hi').result()).text).toMatch(/完美的周末。$/)
  answerWith(documented['multimodal-empty-ending'])
  expect(await client.stream('hi').result()).toMatchObject({ finishReason: 'stop' })
})

test('one frame may hold pieces of two tool calls, and the finishing one the last piece', async () => {
  answerWith(documented['tool-calls'])
  const { toolCalls, finishReason } = await client.stream('What is the weather?').result()
  expect(toolCalls).toEqual([
    { id: 'call_aa99ad078f294a3d81da41d7', name: 'get_current_weather', arguments: '{"location": "浙江省杭州市"}' },
    { id: 'call_aa8b6311567847e197e6ca7f', name: 'get_current_weather', arguments: '{"location": "上海市"}' },
  ])
  expect(finishReason).toBe('tool-calls')
})

test('a forced tool call that ends with "stop" is "tool-calls"', async () => {
  answerWith(documented['forced-tool-call'])
  expect(await client.chat('hi')).toMatchObject({ finishReason: 'tool-calls', rawFinishReason: 'stop' })
})

test('an answer that was cut while thinking is empty, and no error', async () => {
  answerWith(documented['length-while-thinking'])
  expect(await client.chat('hi')).toMatchObject({ finishReason: 'length', text: '' })
})

test('the older result format is read too', async () => {
  answerWith(documented['result-format-text'])
  expect((await client.chat('hi')).text).toMatch(/^1\+1/)
})

test('without incremental output the service is asked for whole texts, and deltas come out', async () => {
  const asked = answerWith(documented.cumulative)
  const cumulative = createClient({
    transport: dashscope({ ...options, incrementalOutput: false }),
    model: 'qwen-plus',
  })
  const deltas: string[] = []
  for await (const delta of cumulative.stream('hi').text()) deltas.push(delta)
  expect(deltas).toEqual(['I', ' like', ' apple.'])
  const [body] = await Promise.all(asked.map((request) => request.json()))
  expect(body.parameters.incremental_output).toBe(false)
})

test('a refusal says what to do, and its documented code', async () => {
  answerWith(documented['invalid-api-key'], 401)
  await expect(client.chat('hi')).rejects.toMatchObject({
    code: 'authentication',
    status: 401,
    serviceCode: 'InvalidApiKey',
    requestId: 'a1c0561c-1dfe-98a6-a62f-983577b8bc5e',
    message: expect.stringMatching(/dashscope\.aliyuncs\.com refused the key: keys belong to a region/),
  })
})

test('a refusal inside a 200 stream has the status of its comment', async () => {
  answerWith(documented['invalid-role'].stream === undefined ? {} : { stream: documented['invalid-role'].stream })
  await expect(client.stream('hi').result()).rejects.toMatchObject({
    code: 'invalid-request',
    status: 400,
    serviceCode: 'InvalidParameter',
    requestId: '7671ecd8-93cc-9ee9-bc89-739f0fd8b809',
  })
})

test('an unknown model on the wrong path is tried once on the other, which is remembered', async () => {
  const paths: string[] = []
  const refusal = { code: 'InvalidParameter', message: 'url error, check url!', request_id: 'r' }
  server.use(
    http.post('https://dashscope.aliyuncs.com/api/v1/services/aigc/:service/generation', ({ params }) => {
      paths.push(String(params['service']))
      return params['service'] === 'text-generation'
        ? Response.json(refusal, { status: 400 })
        : new Response(documented.multimodal.response, { headers: { 'content-type': 'application/json' } })
    }),
  )
  const unknown = createClient({ transport: dashscope(options), model: 'new-model' })
  expect((await unknown.chat('hi')).text).toBe('海滩。')
  expect((await unknown.chat('hi')).text).toBe('海滩。')
  expect(paths).toEqual(['text-generation', 'multimodal-generation', 'multimodal-generation'])
})

test('a model that no path serves says so once both were tried', async () => {
  const asked = answerWith({ error: '{"code":"InvalidParameter","message":"url error, check url!"}' }, 400)
  const unknown = createClient({ transport: dashscope(options), model: 'new-model' })
  await expect(unknown.chat('hi')).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(/does not serve new-model/),
  })
  expect(asked).toHaveLength(2)
})
