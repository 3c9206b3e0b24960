import { createTemporaryKey } from '@dualscope/core'
import { expect, test } from 'vitest'

import { fixtures } from '../fixtures/fixtures.ts'
import { createMock, type Mock } from './mock.ts'

const host = 'https://dashscope.aliyuncs.com'
const authorized = { authorization: 'Bearer sk-test' }

async function getPolicy(mock: Mock, key = 'sk-test') {
  const url = `${host}/api/v1/uploads?action=getPolicy&model=kimi-k2.5`
  const { data } = await (await mock.fetch(url, { headers: { authorization: `Bearer ${key}` } })).json()
  return data
}

function formOf(data: Record<string, string>, name = 'a.png') {
  const form = new FormData()
  form.append('OSSAccessKeyId', data['oss_access_key_id']!)
  form.append('Signature', data['signature']!)
  form.append('policy', data['policy']!)
  form.append('key', `${data['upload_dir']}/${name}`)
  form.append('x-oss-object-acl', data['x_oss_object_acl']!)
  form.append('x-oss-forbid-overwrite', data['x_oss_forbid_overwrite']!)
  form.append('success_action_status', '200')
  form.append('file', new Blob(['\r\n--bytes'], { type: 'image/png' }), name)
  return form
}

function upload(mock: Mock, url: string, body: FormData, headers = {}) {
  return mock.fetch(url, { method: 'POST', body, headers })
}

test('a policy has the keys of the recorded one', async () => {
  const recorded = JSON.parse(fixtures.dashscope['upload-policy'].response)
  const data = await getPolicy(createMock())
  expect(Object.keys(data)).toEqual(Object.keys(recorded.data))
  expect(data.upload_host).toMatch(new RegExp(`^${host}/`))
})

test('a file is uploaded, and sent by its oss:// URL', async () => {
  const mock = createMock()
  const data = await getPolicy(mock)
  expect((await upload(mock, data.upload_host, formOf(data))).status).toBe(200)
  expect(mock.requests.map(({ endpoint, model, issues }) => ({ endpoint, model, issues }))).toEqual([
    { endpoint: 'policy', model: 'kimi-k2.5', issues: [] },
    { endpoint: 'upload', model: undefined, issues: [] },
  ])
  expect(mock.requests[1]?.body).toContainEqual({
    name: 'file',
    value: '',
    filename: 'a.png',
    size: 9,
    type: 'image/png',
  })
})

test('an upload with a key of Model Studio is refused', async () => {
  const mock = createMock()
  const data = await getPolicy(mock)
  expect((await upload(mock, data.upload_host, formOf(data), authorized)).status).toBe(400)
  expect(mock.requests[1]?.issues[0]?.path).toBe('authorization')
})

test('an upload whose file is not the last field is refused', async () => {
  const mock = createMock()
  const data = await getPolicy(mock)
  const form = formOf(data)
  form.append('x-oss-content-type', 'image/png')
  const response = await upload(mock, data.upload_host, form)
  expect(response.status).toBe(400)
  expect(await response.text()).toContain('<Code>InvalidArgument</Code>')
})

test('a file name is accepted once, and only in its folder', async () => {
  const mock = createMock()
  const data = await getPolicy(mock)
  await upload(mock, data.upload_host, formOf(data))
  expect((await upload(mock, data.upload_host, formOf(data))).status).toBe(409)
  expect((await upload(mock, data.upload_host, formOf({ ...data, upload_dir: 'elsewhere' }))).status).toBe(403)
  expect((await upload(mock, data.upload_host, formOf({ ...data, policy: 'old' }))).status).toBe(403)
})

test('a policy needs a key and a model', async () => {
  const mock = createMock()
  expect((await mock.fetch(`${host}/api/v1/uploads?action=getPolicy&model=x`)).status).toBe(401)
  expect((await mock.fetch(`${host}/api/v1/uploads?action=getPolicy`, { headers: authorized })).status).toBe(400)
})

test('a queued error waits for the step that it names', async () => {
  const mock = createMock()
  mock.use({ type: 'error', endpoint: 'policy', status: 403, code: 'AccessDenied', message: 'No.' })
  const url = `${host}/api/v1/uploads?action=getPolicy&model=kimi-k2.5`
  expect((await mock.fetch(url, { headers: authorized })).status).toBe(403)
  expect((await mock.fetch(url, { headers: authorized })).status).toBe(200)
})

async function chatWith(mock: Mock, url: string, { model = 'kimi-k2.5', key = 'sk-test' } = {}) {
  const response = await mock.fetch(`${host}/api/v1/services/aigc/multimodal-generation/generation`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-dashscope-ossresourceresolve': 'enable',
    },
    body: JSON.stringify({ model, input: { messages: [{ role: 'user', content: [{ image: url }] }] } }),
  })
  return response.status
}

test('a file can be read with its key, for its model, for 48 hours', async () => {
  let now = 0
  const mock = createMock({ now: () => now, uploads: ['oss://shared/a.png'] })
  const data = await getPolicy(mock)
  await upload(mock, data.upload_host, formOf(data))
  const url = `oss://${data.upload_dir}/a.png`
  expect(await chatWith(mock, url)).toBe(200)
  expect(await chatWith(mock, 'oss://lost/a.png')).toBe(400)
  expect(await chatWith(mock, 'oss://shared/a.png', { key: 'sk-other' })).toBe(200)
  expect(await chatWith(mock, url, { key: 'sk-other' })).toBe(400)
  expect(await chatWith(mock, url, { model: 'kimi-k2.6' })).toBe(400)
  now = 48 * 3_600_000 - 1
  expect(await chatWith(mock, url)).toBe(200)
  now += 1
  expect(await chatWith(mock, url)).toBe(400)
})

test('a file uploaded with a temporary key can be read with every key of its account', async () => {
  const mock = createMock()
  const create = () => createTemporaryKey({ apiKey: 'sk-test', baseUrl: host, fetch: mock.fetch })
  const [{ key }, next] = [await create(), await create()]
  const data = await getPolicy(mock, key)
  await upload(mock, data.upload_host, formOf(data))
  const url = `oss://${data.upload_dir}/a.png`
  for (const each of [key, next.key, 'sk-test']) expect(await chatWith(mock, url, { key: each })).toBe(200)
  expect(await chatWith(mock, url, { key: 'sk-other' })).toBe(400)
})

test('a policy expires after 300 seconds', async () => {
  let now = 0
  const mock = createMock({ now: () => now })
  const data = await getPolicy(mock)
  now = 300_000
  const response = await upload(mock, data.upload_host, formOf(data))
  expect([response.status, await response.text()]).toEqual([403, expect.stringContaining('Policy expired')])
})

test('a form of 50 million dashes is read in linear time', async () => {
  const mock = createMock()
  const data = await getPolicy(mock)
  const form = formOf(data)
  form.set('file', new Blob(['-'.repeat(50_000_000)]), 'dashes.bin')
  expect((await upload(mock, data.upload_host, form)).status).toBe(200)
  expect(mock.requests[1]?.body).toContainEqual(expect.objectContaining({ name: 'file', size: 50_000_000 }))
  // It takes a third of a second; a parser that looks back at each dash takes hours.
}, 60_000)
