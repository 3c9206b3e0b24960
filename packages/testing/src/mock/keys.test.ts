import { createTemporaryKey } from '@dualscope/core'
import { expect, test } from 'vitest'

import { createMock } from './mock.ts'

const apiKey = 'sk-permanent'
const base = 'https://mock.test'
const paths = {
  compatible: '/compatible-mode/v1/chat/completions',
  dashscope: '/api/v1/services/aigc/multimodal-generation/generation',
}

function ask(mock: ReturnType<typeof createMock>, protocol: keyof typeof paths, key: string) {
  const messages = [{ role: 'user', content: 'hi' }]
  return mock.fetch(base + paths[protocol], {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'kimi-k2.5',
      ...(protocol === 'compatible' ? { messages } : { input: { messages } }),
    }),
  })
}

test('a temporary key is accepted over both protocols until it expires, then refused as documented', async () => {
  let now = 1_744_080_000_000
  const mock = createMock({ apiKey, now: () => now })
  const { key, expiresAt } = await createTemporaryKey({ apiKey, baseUrl: base, expiresIn: 600, fetch: mock.fetch })
  expect(key).toMatch(/^st-/)
  expect(expiresAt.getTime()).toBe(now + 600_000)
  expect(mock.requests).toMatchObject([{ endpoint: 'token', protocol: undefined, path: '/api/v1/tokens', issues: [] }])
  for (const protocol of ['compatible', 'dashscope'] as const) {
    expect((await ask(mock, protocol, key)).status).toBe(200)
  }
  now += 600_000
  const compatible = await ask(mock, 'compatible', key)
  expect(compatible.status).toBe(401)
  expect(await compatible.json()).toMatchObject({ error: { message: 'invalid access token or token expired' } })
  const dashscope = await ask(mock, 'dashscope', key)
  expect(dashscope.status).toBe(401)
  expect(await dashscope.json()).toMatchObject({
    code: 'InvalidApiKey',
    message: 'invalid access token or token expired',
  })
})

test('a temporary key lives for a minute by default, and a reset ends it', async () => {
  let now = 0
  const mock = createMock({ now: () => now })
  const response = await mock.fetch(`${base}/api/v1/tokens`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-any' },
  })
  const { token, expires_at: expiresAt } = (await response.json()) as { token: string; expires_at: number }
  expect(expiresAt).toBe(60)
  now = 59_999
  expect((await ask(mock, 'compatible', token)).status).toBe(200)
  mock.reset()
  expect((await ask(mock, 'compatible', token)).status).toBe(401)
})

test.each([
  ['a temporary key that was not issued', 'POST', 'st-guessed', '', 401, /invalid access token/],
  ['a wrong permanent key', 'POST', 'sk-wrong', '', 401, /Invalid API-key provided/],
  ['a lifetime of 0 s', 'POST', apiKey, '?expire_in_seconds=0', 400, /expire_in_seconds/],
  ['a lifetime of 1,801 s', 'POST', apiKey, '?expire_in_seconds=1801', 400, /expire_in_seconds/],
  ['GET', 'GET', apiKey, '', 400, /method 'GET'/],
])('%s gets no temporary key', async (_, method, key, query, status, message) => {
  const mock = createMock({ apiKey })
  const response = await mock.fetch(`${base}/api/v1/tokens${query}`, {
    method,
    headers: { authorization: `Bearer ${key}` },
  })
  expect(response.status).toBe(status)
  expect(await response.json()).toMatchObject({ message: expect.stringMatching(message) as string })
})

test('a scenario can fail the creation of a key', async () => {
  const mock = createMock()
  mock.use({ endpoint: 'token', type: 'error', status: 500, code: 'InternalError', message: 'Later.' })
  await expect(createTemporaryKey({ apiKey, baseUrl: base, fetch: mock.fetch })).rejects.toMatchObject({
    code: 'server',
    status: 500,
  })
})

test('temporary keys belong to the account of the key that created them', async () => {
  const mock = createMock({ limits: { requestsPerMinute: 2 } })
  const create = (permanent: string) => createTemporaryKey({ apiKey: permanent, baseUrl: base, fetch: mock.fetch })
  const [first, second, other] = [await create('sk-a'), await create('sk-a'), await create('sk-b')]
  const statuses: number[] = []
  for (const { key } of [first, second, first, other]) statuses.push((await ask(mock, 'compatible', key)).status)
  expect(statuses).toEqual([200, 200, 429, 200])
})
