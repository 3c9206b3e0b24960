import { expect, test } from 'vitest'

import { createMock, type Mock } from './mock.ts'

const messages = [{ role: 'user', content: 'Hi' }]

function post(
  mock: Mock,
  protocol: 'compatible' | 'dashscope',
  { key = 'a', model = 'kimi-k2.5', stream = false } = {},
) {
  const compatible = protocol === 'compatible'
  const path = compatible
    ? '/compatible-mode/v1/chat/completions'
    : '/api/v1/services/aigc/multimodal-generation/generation'
  return mock.fetch(`https://dashscope.aliyuncs.com${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      ...(stream && !compatible ? { 'x-dashscope-sse': 'enable' } : {}),
    },
    body: JSON.stringify(
      compatible
        ? { model, messages, stream }
        : { model, input: { messages }, parameters: { incremental_output: true } },
    ),
  })
}

test.each(['compatible', 'dashscope'] as const)(
  'more requests in a minute than allowed are answered 429 over %s, for each key and model',
  async (protocol) => {
    let now = 0
    const mock = createMock({ limits: { requestsPerMinute: 2 }, now: () => now })
    mock.use([{ text: 'one' }, { text: 'two' }, { text: 'three' }])
    await post(mock, protocol)
    now = 30_000
    await post(mock, protocol)
    const refused = await post(mock, protocol, { stream: true })
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe('application/json')
    const message = 'Requests rate limit exceeded, please try again later.'
    const id = '00000000-0000-4000-8000-000000000003'
    expect(await refused.json()).toEqual(
      protocol === 'compatible'
        ? { error: { message, type: 'limit_requests', param: null, code: 'limit_requests' }, request_id: id }
        : { code: 'Throttling.RateQuota', message, request_id: id },
    )
    expect(mock.queued).toBe(1)
    expect((await post(mock, protocol, { key: 'b' })).status).toBe(200)
    expect((await post(mock, protocol, { model: 'kimi-k2.6' })).status).toBe(200)
    now = 59_999
    expect((await post(mock, protocol)).status).toBe(429)
    now = 60_000
    expect((await post(mock, protocol)).status).toBe(200)
    expect((await post(mock, protocol)).status).toBe(429)
  },
)

test.each(['compatible', 'dashscope'] as const)(
  'more tokens in a minute than allowed are answered 429 over %s, input and output together',
  async (protocol) => {
    let now = 0
    const mock = createMock({ limits: { tokensPerMinute: 100 }, now: () => now })
    mock.use({ text: 'Hi', usage: { inputTokens: 5, outputTokens: 91, totalTokens: 96 } })
    expect((await post(mock, protocol)).status).toBe(200)
    const refused = await post(mock, protocol)
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject(
      protocol === 'compatible'
        ? { error: { type: 'insufficient_quota', code: 'insufficient_quota' } }
        : { code: 'Throttling.AllocationQuota' },
    )
    now = 60_000
    expect((await post(mock, protocol)).status).toBe(200)
  },
)

test('reset clears the counts', async () => {
  const mock = createMock({ limits: { requestsPerMinute: 1 } })
  await post(mock, 'compatible')
  expect((await post(mock, 'compatible')).status).toBe(429)
  mock.reset()
  expect((await post(mock, 'compatible')).status).toBe(200)
})
