import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { createMock, type Mock } from './mock.ts'

const host = 'https://dashscope.aliyuncs.com'
const compatiblePath = '/compatible-mode/v1/chat/completions'
const nativePath = '/api/v1/services/aigc/multimodal-generation/generation'

function post(mock: Mock, path: string, body: unknown) {
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' }
  return mock.fetch(host + path, { method: 'POST', headers, body: JSON.stringify(body) })
}

function firsts(mock: Mock) {
  return mock.requests.map(({ messages }) => messages[0]?.text[0])
}

async function getJson(mock: Mock, path: string): Promise<unknown> {
  const response = await mock.fetch(host + path, { headers: { authorization: 'Bearer any' } })
  return response.json()
}

const pixel = Buffer.from('GIF89a')
const dataUrl = `data:image/gif;base64,${pixel.toString('base64')}`
const tool = { type: 'function', function: { name: 'now', description: 'The time.', parameters: { type: 'object' } } }
const options = { temperature: 0.5, max_tokens: 9, tools: [tool], tool_choice: 'auto', enable_thinking: true }

test('a request reads the same over either protocol', async () => {
  const mock = createMock()
  const system = { role: 'system', content: 'Be brief.' }
  await post(mock, compatiblePath, {
    model: 'kimi-k2.5',
    messages: [
      system,
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'image_url', image_url: { url: dataUrl } },
          { type: 'video_url', video_url: { url: 'https://example.com/a.mp4' }, fps: 1 },
        ],
      },
    ],
    ...options,
  })
  await post(mock, nativePath, {
    model: 'kimi-k2.5',
    input: {
      messages: [
        system,
        { role: 'user', content: [{ text: 'Hi' }, { image: dataUrl }, { video: 'https://example.com/a.mp4', fps: 1 }] },
      ],
    },
    parameters: { ...options, incremental_output: true },
  })
  const [first, second] = mock.requests.map(({ messages, media, tools, parameters, issues }) => {
    return { messages, media, tools, parameters, issues }
  })
  expect(first).toEqual(second)
  expect(first?.issues).toEqual([])
  expect(first?.parameters).toEqual({ temperature: 0.5, maxTokens: 9, toolChoice: 'auto', enableThinking: true })
  expect(first?.tools).toEqual([{ name: 'now', description: 'The time.', parameters: { type: 'object' } }])
  expect(first?.messages.map(({ role, text }) => [role, text])).toEqual([
    ['system', 'Be brief.'],
    ['user', 'Hi'],
  ])
  const sha256 = createHash('sha256').update(pixel).digest('hex')
  expect(first?.media).toEqual([
    { type: 'image', sources: [{ url: dataUrl, mediaType: 'image/gif', bytes: 6, sha256 }] },
    { type: 'video', sources: [{ url: 'https://example.com/a.mp4' }], fps: 1 },
  ])
})

test('long media are kept by their digest', async () => {
  const mock = createMock()
  const bytes = Buffer.alloc(6_000_000, 7)
  const url = `data:image/png;base64,${bytes.toString('base64')}`
  await post(mock, nativePath, {
    model: 'kimi-k2.5',
    input: { messages: [{ role: 'user', content: [{ image: url }] }] },
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const short = `data:image/png;base64,(6000000 bytes, sha256 ${sha256})`
  expect(mock.requests[0]?.issues).toEqual([])
  expect(mock.requests[0]?.media).toEqual([
    { type: 'image', sources: [{ url: short, mediaType: 'image/png', bytes: 6_000_000, sha256 }] },
  ])
  expect(JSON.stringify(mock.requests[0]).length).toBeLessThan(3000)
})

test('the log keeps the newest requests, within a count and a size', async () => {
  const counted = createMock({ maxRequests: 2 })
  const sized = createMock({ maxRequestBytes: 5000 })
  for (let index = 0; index < 5; index += 1) {
    const body = { model: 'kimi-k2.5', messages: [{ role: 'user', content: `${index}${'x'.repeat(2000)}` }] }
    await post(counted, compatiblePath, body)
    await post(sized, compatiblePath, body)
  }
  expect(firsts(counted)).toEqual(['3', '4'])
  expect(firsts(sized)).toEqual(['3', '4'])
})

const rough = [
  { model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }], temperature: 'hot' },
  { model: 'kimi-k2.5', messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, { type: 'picture' }] }] },
  { model: 'kimi-k2.5', messages: [{ role: 'developer', content: 'Hi' }] },
  { messages: [{ role: 'user', content: 'Hi' }] },
  { model: 'kimi-k9', messages: [{ role: 'user', content: 'Hi' }], tools: [{ type: 'function' }] },
]

test.each(rough)('a mock that is not strict answers %j, and lists one issue', async (body) => {
  const mock = createMock({ strict: false })
  const response = await post(mock, compatiblePath, body)
  expect(response.status).toBe(200)
  expect(await response.text()).toContain('You said: Hi')
  expect(mock.requests[0]?.issues).toHaveLength(1)
  expect((await post(createMock(), compatiblePath, body)).status).toBeGreaterThanOrEqual(400)
})

test('one invalid part of a native message is one issue', async () => {
  const mock = createMock({ strict: false })
  const content = [{ text: 'Hi' }, { image: 5 }]
  const response = await post(mock, nativePath, {
    model: 'kimi-k2.5',
    input: { messages: [{ role: 'user', content }] },
  })
  expect(await response.text()).toContain('You said: Hi')
  expect(mock.requests[0]?.issues.map(({ path }) => path)).toEqual(['input.messages.0.content.1.image'])
})

test('models are listed for the SDKs of each protocol', async () => {
  const mock = createMock({ models: { mine: { thinking: 'never' } } })
  expect(await getJson(mock, '/compatible-mode/v1/models')).toMatchObject({
    object: 'list',
    data: expect.arrayContaining([
      expect.objectContaining({ id: 'kimi-k2.5', object: 'model' }),
      expect.objectContaining({ id: 'mine' }),
    ]) as unknown,
  })
  expect(await getJson(mock, '/api/v1/models?page_no=2&page_size=4')).toMatchObject({
    output: { total: 12, models: [{ model: 'kimi-k2.7-code' }, {}, {}, {}].slice(0, 4) },
  })
  expect(await getJson(mock, '/api/v1/models?model=kimi-k3&page_no=1&page_size=1')).toMatchObject({
    output: { total: 1, models: [{ model: 'kimi-k3' }] },
  })
  expect((await mock.fetch(`${host}/api/v1/models`)).status).toBe(401)
})

test.each(['page_no=0', 'page_no=one', 'page_size=-1', 'page_size=1e3'])(
  'a list of models with %s is refused',
  async (query) => {
    const mock = createMock()
    const authorized = { headers: { authorization: 'Bearer any' } }
    expect((await mock.fetch(`${host}/api/v1/models?${query}`, authorized)).status).toBe(400)
    expect(mock.requests[0]?.issues[0]).toMatchObject({ code: 'InvalidParameter', path: query.split('=')[0] })
  },
)

test('a body that nests a hundred thousand levels deep is refused', async () => {
  const mock = createMock()
  const headers = { authorization: 'Bearer any', 'content-type': 'application/json' }
  const body = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  expect((await mock.fetch(host + compatiblePath, { method: 'POST', headers, body })).status).toBe(400)
})
