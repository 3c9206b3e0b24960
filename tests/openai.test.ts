import { createMock } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

const mock = createMock({ apiKey: 'sk-test' })
let server: ListeningMock
let client: OpenAI

beforeAll(async () => {
  server = await listen(mock)
  client = new OpenAI({ apiKey: 'sk-test', baseURL: `${server.url}/compatible-mode/v1`, maxRetries: 0 })
})
afterEach(() => {
  const issues = mock.requests
    .flatMap((request) => request.issues)
    .filter(({ status }) => status !== 200 && status !== 401)
  mock.reset()
  if (issues.length > 0) throw new Error(`The mock objects: ${JSON.stringify(issues)}`)
})
afterAll(() => server.close())

const model = 'kimi-k2.5'
// Not of OpenAI's; the page's Node.js sample sends it the same way.
const thinking = { enable_thinking: true }
const messages = [{ role: 'user' as const, content: 'Who are you?' }]

test('the openai package chats with the mock', async () => {
  const { data, response } = await client.chat.completions.create({ model, messages }).withResponse()
  expect(data).toMatchObject({ object: 'chat.completion', model, choices: [{ finish_reason: 'stop' }] })
  expect(data.choices[0]?.message).toEqual({ role: 'assistant', content: 'You said: Who are you?' })
  expect(data.usage?.total_tokens).toBe((data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0))
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
})

test('the openai package streams, and finds reasoning and usage where the samples of the Kimi page look', async () => {
  mock.use({ reasoning: ['Hm', ', hm.'], text: ['I am ', 'Kimi 👋.'] })
  const stream = await client.chat.completions.create({
    model,
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...thinking,
  })
  const seen = { reasoning: '', text: '', ends: [] as string[], usages: 0 }
  for await (const { choices, usage } of stream) {
    const delta: { content?: string | null; reasoning_content?: string | null } = choices[0]?.delta ?? {}
    seen.reasoning += delta.reasoning_content ?? ''
    seen.text += delta.content ?? ''
    if (choices[0]?.finish_reason) seen.ends.push(choices[0].finish_reason)
    if (usage) seen.usages += 1
  }
  expect(seen).toEqual({ reasoning: 'Hm, hm.', text: 'I am Kimi 👋.', ends: ['stop'], usages: 1 })
})

test("the openai package's own loop runs a tool", async () => {
  mock.use([{ toolCalls: [{ name: 'weather', arguments: ['{"city":', '"Ulm"}'] }] }, { text: 'Sunny in Ulm.' }])
  const asked: unknown[] = []
  const runner = client.chat.completions.runTools({
    model,
    messages: [{ role: 'user', content: 'The weather in Ulm?' }],
    stream: true,
    tools: [
      {
        type: 'function',
        function: {
          name: 'weather',
          description: 'The weather of a city',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
          parse: JSON.parse,
          function: (input: unknown) => {
            asked.push(input)
            return 'sunny'
          },
        },
      },
    ],
  })
  expect(await runner.finalContent()).toBe('Sunny in Ulm.')
  expect(asked).toEqual([{ city: 'Ulm' }])
  expect(mock.requests).toHaveLength(2)
})

test('the openai package shows pictures', async () => {
  const image = { type: 'image_url' as const, image_url: { url: 'https://a.test/a.png' } }
  const content = [{ type: 'text' as const, text: 'What?' }, image, image]
  const { choices } = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
  expect(choices[0]?.message.content).toContain('I see 2 images.')
})

test('the openai package tells a refused key, a throttle and an error inside a stream apart', async () => {
  const stranger = new OpenAI({ apiKey: 'sk-wrong', baseURL: `${server.url}/compatible-mode/v1`, maxRetries: 0 })
  await expect(stranger.chat.completions.create({ model, messages })).rejects.toMatchObject({
    status: 401,
    code: 'invalid_api_key',
  })
  mock.use({ type: 'error', status: 429, code: 'limit_requests', message: 'Slow down.' })
  await expect(client.chat.completions.create({ model, messages })).rejects.toBeInstanceOf(OpenAI.RateLimitError)
  mock.use({ type: 'error', status: 400, code: 'data_inspection_failed', message: 'Blocked.', after: 2 })
  const stream = await client.chat.completions.create({ model, messages, stream: true })
  const drain = async () => {
    for await (const _ of stream) continue
  }
  await expect(drain()).rejects.toMatchObject({ code: 'data_inspection_failed' })
})
