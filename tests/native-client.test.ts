import { createMock, fixtures } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

// The native protocol as a client sees it that is not ours: plain fetch, and every byte that comes.

const mock = createMock({ apiKey: 'sk-test' })
let server: ListeningMock
beforeAll(async () => {
  server = await listen(mock)
})
afterEach(() => mock.reset())
afterAll(() => server.close())

function post(service: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${server.url}/api/v1/services/aigc/${service}/generation`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const sse = { 'x-dashscope-sse': 'enable' }
const messages = [{ role: 'user', content: 'Hello' }]
const usage = { inputTokens: 16, outputTokens: 53, totalTokens: 69, reasoningTokens: 10 }
const id = 'ab9f3446-9bbf-963e-9754-2d6543343d7e'

function counts(total: number, output: number) {
  return {
    total_tokens: total,
    output_tokens: output,
    input_tokens: 16,
    output_tokens_details: { reasoning_tokens: 10 },
  }
}

function anyId(text: string) {
  return text.replace(/"request_id":"[^"]+"/, '"request_id":"…"')
}

test('a stream of text-generation has the recorded frames: four lines, no space, string "null", growing usage', async () => {
  mock.use({ reasoning: ['嗯'], text: ['1+1'], usage, id })
  const parameters = { result_format: 'message', incremental_output: true }
  const response = await post('text-generation', { model: 'kimi-k2-thinking', input: { messages }, parameters }, sse)
  expect(response.headers.get('content-type')).toBe('text/event-stream;charset=UTF-8')
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
  const text = await response.text()
  const frame = (number: number, message: object, reason: string, counts: object) =>
    `id:${number}\nevent:result\n:HTTP_STATUS/200\ndata:${JSON.stringify({
      output: { choices: [{ message, finish_reason: reason }] },
      usage: counts,
      request_id: id,
    })}\n\n`
  expect(text).toBe(
    frame(1, { content: '', reasoning_content: '嗯', role: 'assistant' }, 'null', counts(26, 10)) +
      frame(2, { content: '1+1', reasoning_content: '', role: 'assistant' }, 'null', counts(69, 53)) +
      frame(3, { content: '', reasoning_content: '', role: 'assistant' }, 'stop', counts(69, 53)),
  )
})

test('a stream of multimodal-generation has parts, and text in its last frame', async () => {
  mock.use({ text: ['one', 'two'], usage: null, id })
  const response = await post(
    'multimodal-generation',
    { model: 'kimi-k2.5', input: { messages }, parameters: { incremental_output: true } },
    sse,
  )
  const data = [...(await response.text()).matchAll(/^data:(.*)$/gm)].map(
    ([, json = '']) => JSON.parse(json) as unknown,
  )
  expect(data).toEqual([
    {
      output: { choices: [{ message: { content: [{ text: 'one' }], role: 'assistant' }, finish_reason: 'null' }] },
      request_id: id,
    },
    {
      output: { choices: [{ message: { content: [{ text: 'two' }], role: 'assistant' }, finish_reason: 'stop' }] },
      request_id: id,
    },
  ])
})

test.each(['image', 'images', 'video', 'frames'] as const)(
  'the curl sample "%s" of the Kimi page is answered as it stands',
  async (name) => {
    const response = await post('multimodal-generation', fixtures.dashscope[name].request)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.json()).toMatchObject({
      output: {
        choices: [
          {
            finish_reason: 'stop',
            message: { role: 'assistant', content: [{ text: expect.stringContaining('I see') }] },
          },
        ],
      },
      request_id: response.headers.get('x-request-id'),
    })
    expect(mock.requests[0]?.issues).toEqual([])
  },
)

test('a bad request for a stream is refused inside a 200 stream, in the recorded bytes', async () => {
  const response = await post(
    'text-generation',
    { model: 'kimi-k2-thinking', input: { messages: [{ role: 'nobody', content: 'x' }] }, parameters: {} },
    sse,
  )
  expect(response.status).toBe(200)
  const recorded = fixtures.dashscope['invalid-role'].stream
  expect(anyId(await response.text())).toBe(anyId(recorded))
})

test('a refused key is told in the recorded words, with the request id of the header', async () => {
  const response = await post(
    'text-generation',
    { model: 'kimi-k2-thinking', input: { messages } },
    { authorization: 'Bearer sk-wrong' },
  )
  expect(response.status).toBe(401)
  const { code, message } = JSON.parse(fixtures.dashscope['invalid-api-key'].error) as Record<string, string>
  expect(await response.json()).toEqual({ code, message, request_id: response.headers.get('x-request-id') })
})
