import { expect, test } from 'vitest'

import { faults } from '../faults/faults.ts'
import { fixtures } from '../fixtures/fixtures.ts'
import type { MockOptions } from './mock-options.ts'
import { createMock, type Mock } from './mock.ts'
import { replay } from './replay.ts'

const host = 'https://dashscope.aliyuncs.com'
const paths = {
  compatible: '/compatible-mode/v1/chat/completions',
  text: '/api/v1/services/aigc/text-generation/generation',
  multimodal: '/api/v1/services/aigc/multimodal-generation/generation',
}

function post(
  mock: Mock,
  path: keyof typeof paths,
  body: unknown,
  { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
) {
  return mock.fetch(host + paths[path], {
    method: 'POST',
    ...init,
    headers: { authorization: 'Bearer sk-test', 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
}

const messages = [{ role: 'user', content: 'Who are you?' }]
const conversation = { model: 'kimi-k2.5', messages }
const native = { model: 'kimi-k2.5', input: { messages }, parameters: { incremental_output: true } }
const sse = { headers: { 'x-dashscope-sse': 'enable' } }
function create(options?: MockOptions) {
  return createMock(options)
}

test('the mock plays queued scenarios in order, then answers from the request', async () => {
  const mock = create()
  mock.use({ text: 'one' })
  mock.use([{ text: 'two' }, { type: 'raw', body: 'three' }])
  const texts = []
  for (let count = 0; count < 4; count += 1) texts.push(await (await post(mock, 'compatible', conversation)).text())
  expect(texts[0]).toContain('"content":"one"')
  expect(texts[1]).toContain('"content":"two"')
  expect(texts[2]).toBe('three')
  expect(texts[3]).toContain('"content":"You said: Who are you?"')
  expect(mock.queued).toBe(0)
})

test('a scenario is played over either protocol', async () => {
  const mock = create()
  mock.use([{ text: 'Hi' }, { text: 'Hi' }, { text: 'Hi' }])
  const whole = await (await post(mock, 'multimodal', native)).json()
  expect(whole.output.choices).toEqual([
    { finish_reason: 'stop', message: { content: [{ text: 'Hi' }], role: 'assistant' } },
  ])
  const compatible = await post(mock, 'compatible', { ...conversation, stream: true })
  expect(compatible.headers.get('content-type')).toBe('text/event-stream')
  expect(await compatible.text()).toMatch(/^data: .*\n\ndata: .*\n\ndata: .*\n\ndata: \[DONE\]\n\n$/)
  const dashscope = await post(mock, 'multimodal', native, sse)
  expect(dashscope.headers.get('content-type')).toBe('text/event-stream;charset=UTF-8')
  expect(await dashscope.text()).toMatch(/^id:1\nevent:result\n:HTTP_STATUS\/200\ndata:\{.*\}\n\n$/)
})

test('requests are kept without their key', async () => {
  const mock = create()
  await post(mock, 'multimodal', native, sse)
  expect(mock.requests).toEqual([
    {
      endpoint: 'chat',
      protocol: 'dashscope',
      service: 'multimodal-generation',
      method: 'POST',
      url: host + paths.multimodal,
      path: paths.multimodal,
      headers: { authorization: 'Bearer ***', 'content-type': 'application/json', 'x-dashscope-sse': 'enable' },
      body: native,
      stream: true,
      model: 'kimi-k2.5',
      messages: [
        {
          role: 'user',
          text: 'Who are you?',
          reasoning: undefined,
          media: [],
          toolCalls: [],
          toolCallId: undefined,
          partial: false,
        },
      ],
      media: [],
      tools: [],
      parameters: {},
      issues: [],
    },
  ])
  mock.reset()
  expect(mock.requests).toEqual([])
})

test('a missing or wrong key gets the error of its protocol', async () => {
  const mock = create({ apiKey: 'sk-right' })
  const compatible = await post(mock, 'compatible', conversation, { headers: { authorization: '' } })
  expect(compatible.status).toBe(401)
  expect(await compatible.json()).toMatchObject(JSON.parse(fixtures.compatible['invalid-api-key'].error))
  const dashscope = await post(mock, 'multimodal', native, sse)
  expect(dashscope.status).toBe(401)
  const { request_id: _requestId, ...error } = await dashscope.json()
  expect(error).toEqual({ code: 'InvalidApiKey', message: 'Invalid API-key provided.' })
})

test('a bad request is refused and takes nothing from the queue', async () => {
  const mock = create()
  mock.use({ text: 'Hi' })
  const refused = await post(mock, 'compatible', { ...conversation, temperature: 2 })
  expect(refused.status).toBe(400)
  expect(await refused.json()).toEqual({
    error: {
      message: 'Temperature should be in [0.0, 2.0)',
      type: 'invalid_request_error',
      param: null,
      code: 'invalid_parameter_error',
    },
    request_id: '00000000-0000-4000-8000-000000000001',
  })
  expect(mock.requests[0]?.issues).toHaveLength(1)
  expect(mock.queued).toBe(1)
})

test('a bad request for a native stream is refused inside a stream of status 200, or over HTTP', async () => {
  const inside = await post(create(), 'text', native, sse)
  expect(inside.status).toBe(200)
  expect(await inside.text()).toBe(
    'id:1\nevent:error\n:HTTP_STATUS/400\ndata:{"code":"InvalidParameter","message":"url error, check url!","request_id":"00000000-0000-4000-8000-000000000001"}\n\n',
  )
  expect((await post(create({ streamErrors: 'http' }), 'text', native, sse)).status).toBe(400)
})

test('a mock that is not strict answers, and lists the issues', async () => {
  const mock = create({ strict: false })
  const response = await post(mock, 'compatible', { ...conversation, enable_search: true })
  expect(response.status).toBe(200)
  expect(mock.requests[0]?.issues[0]?.message).toBe('This model does not support enable_search.')
})

test('a malformed body, another method and another path are refused', async () => {
  const mock = create()
  expect((await post(mock, 'compatible', '{')).status).toBe(400)
  const get = await mock.fetch(host + paths.text, { headers: { authorization: 'Bearer x' } })
  expect(await get.json()).toMatchObject({
    code: 'InvalidParameter',
    message: "Request method 'GET' is not supported.",
  })
  expect((await mock.fetch(`${host}/api/v1/nothing`)).status).toBe(404)
  expect(mock.requests.map(({ endpoint }) => endpoint)).toEqual(['chat', 'chat', 'unknown'])
})

test('an error scenario is an HTTP error, or comes inside the stream after its place', async () => {
  const mock = create()
  const code = { compatible: 'limit_requests', dashscope: 'Throttling.RateQuota' }
  mock.use([
    { type: 'error', status: 429, code, message: 'Slow down.', retryAfter: 2 },
    { type: 'error', status: 429, code, message: 'Slow down.', retryAfter: new Date(0) },
    { type: 'error', status: 500, code, message: 'Broken.', after: 2, answer: { text: ['a', 'b', 'c'] } },
    { type: 'error', status: 500, code, message: 'Broken.', after: 1 },
  ])
  const first = await post(mock, 'multimodal', native, sse)
  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '2'])
  expect(await first.json()).toMatchObject({ code: 'Throttling.RateQuota', message: 'Slow down.' })
  const second = await post(mock, 'compatible', { ...conversation, stream: true })
  expect(second.headers.get('retry-after')).toBe('Thu, 01 Jan 1970 00:00:00 GMT')
  const third = await post(mock, 'multimodal', native, sse)
  expect(third.status).toBe(200)
  expect(await third.text()).toMatch(/id:2\n[^]*"b"[^]*id:3\nevent:error\n:HTTP_STATUS\/500\ndata:\{"code"[^]*\}\n\n$/)
  const fourth = await post(mock, 'compatible', { ...conversation, stream: true })
  expect(await fourth.text()).toMatch(/^data: .*\n\ndata: .*\n\ndata: \{"error":\{"code":"limit_requests".*\}\n\n$/)
})

test('documented bytes are sent unchanged', async () => {
  const mock = create()
  mock.use([
    replay(fixtures.dashscope['text-thinking']),
    replay(fixtures.compatible['who-are-you']),
    replay(fixtures.dashscope['invalid-api-key']),
  ])
  const stream = await post(mock, 'multimodal', native, sse)
  expect(await stream.text()).toBe(fixtures.dashscope['text-thinking'].stream)
  expect(await (await post(mock, 'compatible', conversation)).text()).toBe(fixtures.compatible['who-are-you'].response)
  expect((await post(mock, 'multimodal', native)).status).toBe(401)
})

test('faults of the whole answer replace it', async () => {
  const mock = create()
  const ask = async (fault: ReturnType<(typeof faults)[keyof typeof faults]>) => {
    mock.use({ text: 'Hi', fault })
    return post(mock, 'compatible', { ...conversation, stream: true }, { redirect: 'manual' })
  }
  const html = await ask(faults.html())
  expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html'])
  expect(await (await ask(faults.empty())).text()).toBe('')
  expect((await ask(faults.throttle(1))).headers.get('retry-after')).toBe('1')
  expect((await ask(faults.throttle())).headers.has('retry-after')).toBe(false)
  expect((await ask(faults.contentType())).headers.has('content-type')).toBe(false)
  expect((await ask(faults.redirect('https://example.com/'))).headers.get('location')).toBe('https://example.com/')
  expect(await (await ask(faults.errorFrame({ text: 1 }))).text()).toMatch(
    /"Hi"[^]*data: \{"error":\{"code":"data_inspection_failed"/,
  )
  expect(await (await ask(faults.notStreamed())).json()).toMatchObject({ object: 'chat.completion' })
  await expect(ask(faults.noConnection())).rejects.toThrow(TypeError)
})

test('several faults are applied in order', async () => {
  const mock = create()
  mock.use({ text: ['我', '是'], fault: [faults.crlf(), faults.end({ text: 1 }), faults.coalesce()] })
  const text = await (await post(mock, 'compatible', { ...conversation, stream: true })).text()
  expect(text).toMatch(/^data: .*\r\n\r\ndata: .*我.*\r\n\r\n$/)
})

test("a redirect is followed only with redirect: 'follow'", async () => {
  const mock = create()
  mock.use([{ fault: faults.redirect(`${host}/elsewhere`) }, { fault: faults.redirect(`${host}/elsewhere`) }])
  await expect(post(mock, 'compatible', conversation, { redirect: 'error' })).rejects.toThrow(TypeError)
  expect((await post(mock, 'compatible', conversation)).status).toBe(404)
  expect(mock.requests.map(({ path }) => path)).toEqual([paths.compatible, paths.compatible, '/elsewhere'])
})

test('a body that breaks rejects its reader', async () => {
  const mock = create()
  mock.use({ text: 'Hi', fault: faults.reset({ bytes: 10 }) })
  const response = await post(mock, 'compatible', { ...conversation, stream: true })
  await expect(response.text()).rejects.toThrow('terminated')
  expect(mock.openResponses).toBe(0)
})

test('an abort rejects with its reason, before the head and inside the body', async () => {
  const mock = create()
  mock.use([{ fault: faults.silence() }, { text: ['a', 'b'], fault: faults.stall(1) }])
  const before = new AbortController()
  const silent = post(mock, 'compatible', conversation, { signal: before.signal })
  setTimeout(() => before.abort('first'), 5)
  await expect(silent).rejects.toBe('first')
  const within = new AbortController()
  const { body } = await post(mock, 'compatible', { ...conversation, stream: true }, { signal: within.signal })
  const reader = body!.getReader()
  await reader.read()
  expect(mock.openResponses).toBe(1)
  const stalled = reader.read()
  within.abort('second')
  await expect(stalled).rejects.toBe('second')
  expect(mock.openResponses).toBe(0)
  await expect(post(mock, 'compatible', conversation, { signal: AbortSignal.abort('third') })).rejects.toBe('third')
})

test('a reader that leaves ends the body', async () => {
  const mock = create()
  mock.use({ text: ['a', 'b'], fault: faults.stall(1, 60_000) })
  const { body } = await post(mock, 'compatible', { ...conversation, stream: true })
  const reader = body!.getReader()
  await reader.read()
  const pending = reader.read()
  await reader.cancel()
  expect(await pending).toEqual({ done: true, value: undefined })
  expect(mock.openResponses).toBe(0)
})

test('frames come after the latency, in pieces of pieceSize', async () => {
  const mock = create({ latency: 5, pieceSize: 7 })
  const start = performance.now()
  const { body } = await post(mock, 'compatible', { ...conversation, stream: true })
  for await (const piece of body!) expect(piece.length).toBeLessThanOrEqual(7)
  expect(performance.now() - start).toBeGreaterThan(15)
})

test('fetch accepts a Request as well as a URL with options', async () => {
  const mock = create()
  const headers = { authorization: 'Bearer x', 'content-type': 'application/json' }
  const request = new Request(host + paths.compatible, { method: 'POST', headers, body: JSON.stringify(conversation) })
  expect((await mock.fetch(request)).status).toBe(200)
})

test.each(['compatible', 'multimodal'] as const)('a whole answer over %s is cut by end() and stall()', async (path) => {
  const mock = create()
  mock.use([{ text: 'Hello there' }, { text: 'Hello there', fault: faults.end(2) }])
  const body = path === 'compatible' ? conversation : native
  const whole = await (await post(mock, path, body)).text()
  const cut = await (await post(mock, path, body)).text()
  expect(cut.length).toBeGreaterThan(0)
  expect(cut.length).toBeLessThan(whole.length)
  mock.use({ text: 'Hello there', fault: faults.stall(1) })
  const { body: stalled } = await post(mock, path, body, { signal: AbortSignal.timeout(50) })
  await expect(new Response(stalled).text()).rejects.toMatchObject({ name: 'TimeoutError' })
})

test('a model that Moonshot serves refuses an empty assistant message', async () => {
  const mock = create()
  const turns = [...messages, { role: 'assistant', content: '' }, { role: 'user', content: 'And?' }]
  const refused = await post(mock, 'compatible', { model: 'kimi/kimi-k2.5', messages: turns })
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('must not be empty')])
  expect((await post(mock, 'compatible', { model: 'kimi-k2.5', messages: turns })).status).toBe(200)
})
