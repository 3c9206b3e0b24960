import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compatible } from '@dualscope/compatible'
import { createClient, type CallOptions, type MediaSource, type TransportOptions } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'
import { dashscope } from '@dualscope/dashscope'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { listen, type UploadServer } from './upload-server.ts'

const protocols = [compatible, dashscope]
let server: UploadServer
let directory: string

beforeEach(async () => {
  server = await listen()
  directory = await mkdtemp(join(tmpdir(), 'dualscope-'))
})
afterEach(async () => {
  vi.useRealTimers()
  await server.close()
  await rm(directory, { recursive: true })
})

interface Setting extends TransportOptions {
  connect?: typeof compatible
  model?: string
  call?: CallOptions
}

/** Sends videos, which are uploaded. */
async function send(videos: readonly MediaSource[], setting: Setting = {}): Promise<string> {
  const { connect = dashscope, model = 'kimi-k2.5', call, ...options } = setting
  const transport = connect({ baseUrl: server.url, apiKey: 'sk-secret', media: 'upload', ...options })
  const content = videos.map((video) => ({ type: 'video', video }) as const)
  const { text } = await createClient({ transport, model }).chat({ messages: [{ role: 'user', content }] }, call)
  return text
}

function bytes(size: number, name = 'My holiday.mp4'): File {
  return new File([new Uint8Array(size)], name)
}

function failing(code: string, message: RegExp): object {
  return { code, message: expect.stringMatching(message) as string }
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/.source

test.each(protocols)('over %o the requests of an upload are those of the official SDK', async (connect) => {
  const path = join(directory, 'My holiday+1.mp4')
  await writeFile(path, new Uint8Array(300_000))
  await expect(send([await fromFile(path)], { connect, headers: { 'x-caller': 'mine' } })).resolves.toBe('Seen.')

  expect(server.policies).toHaveLength(1)
  expect(server.policies[0]?.url).toBe('/api/v1/uploads?action=getPolicy&model=kimi-k2.5')
  expect(server.policies[0]?.headers).toMatchObject({ authorization: 'Bearer sk-secret', 'x-caller': 'mine' })

  const [form] = server.forms
  const key = form?.fields.find(([name]) => name === 'key')?.[1]
  expect(key).toMatch(new RegExp(`^dashscope-instant/abc/1/${uuid}\\.mp4$`))
  expect(form?.fields).toEqual([
    ['OSSAccessKeyId', 'LTAI'],
    ['Signature', 'n3dNX/aD3+WAly0='],
    ['policy', 'cG9saWN5'],
    ['key', key],
    ['x-oss-object-acl', 'private'],
    ['x-oss-forbid-overwrite', 'true'],
    ['success_action_status', '200'],
    ['x-oss-content-type', 'video/mp4'],
    ['file', `${key?.split('/').at(-1)} video/mp4 300000`],
  ])
  expect(form?.headers).not.toHaveProperty('authorization')
  expect(form?.headers).not.toHaveProperty('x-caller')
  expect(form?.headers).not.toHaveProperty('transfer-encoding')
  expect(Number(form?.headers['content-length'])).toBeGreaterThan(300_000)

  expect(server.chats[0]?.body).toContain(`"oss://${key}"`)
  expect(server.chats[0]?.headers['x-dashscope-ossresourceresolve']).toBe('enable')
})

test('a Blob is uploaded once for both protocols, and again for another model, key or host', async () => {
  const file = bytes(1000)
  for (const connect of [compatible, dashscope, compatible]) await send([file, file], { connect })
  expect(server.forms).toHaveLength(1)
  expect(server.chats).toHaveLength(3)
  await send([file], { model: 'kimi-k2.6' })
  await send([file], { apiKey: 'sk-other' })
  await send([file], { baseUrl: server.url.replace('127.0.0.1', 'localhost') })
  expect(server.forms).toHaveLength(4)
  await send([bytes(1000)])
  expect(server.forms).toHaveLength(5)
})

test('a URL is used while it lives, with a margin', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const hour = 60 * 60 * 1000
  const file = bytes(1000)
  await send([file])
  vi.setSystemTime(Date.now() + 46.9 * hour)
  await send([file])
  expect(server.forms).toHaveLength(1)
  vi.setSystemTime(Date.now() + 0.2 * hour)
  await send([file])
  expect(server.forms).toHaveLength(2)
})

test('calls at the same time share an upload, and the abort of one leaves it to the other', async () => {
  const opened = Promise.withResolvers<void>()
  server.gate = opened.promise
  const file = bytes(500_000)
  const impatient = new AbortController()
  const first = send([file], { call: { signal: impatient.signal } })
  const second = send([file], { connect: compatible })
  await vi.waitFor(() => expect(server.busiest).toBe(1))
  impatient.abort('enough')
  await expect(first).rejects.toBe('enough')
  opened.resolve()
  await expect(second).resolves.toBe('Seen.')
  expect(server).toMatchObject({ aborted: 0, busiest: 1 })
  expect([server.policies, server.forms, server.chats].map(({ length }) => length)).toEqual([1, 1, 1])
})

test('an abort rejects with its reason and closes the connection; the next call uploads anew', async () => {
  server.pace = 5
  const file = bytes(20_000_000)
  const controller = new AbortController()
  const reason = new Error('mine')
  const aborting = send([file], {
    call: { signal: controller.signal, onUploadProgress: ({ loaded }) => loaded > 100_000 && controller.abort(reason) },
  })
  await expect(aborting).rejects.toBe(reason)
  await vi.waitFor(() => expect(server.aborted).toBe(1))
  server.pace = 0
  await expect(send([file])).resolves.toBe('Seen.')
  expect(server.chats).toHaveLength(1)
})

test('progress counts up to the size, under the local name', async () => {
  const seen: { loaded: number; total: number; name: string }[] = []
  const onUploadProgress = (progress: (typeof seen)[number]) => void seen.push(progress)
  await send([bytes(300_000), new Blob([new Uint8Array(10)], { type: 'video/mp4' })], { call: { onUploadProgress } })
  const named = seen.filter(({ name }) => name === 'My holiday.mp4')
  expect(named.length).toBeGreaterThan(3)
  expect(named.every(({ total }) => total === 300_000)).toBe(true)
  expect(named.map(({ loaded }) => loaded)).toEqual(
    [...new Set(named.map(({ loaded }) => loaded))].toSorted((a, b) => a - b),
  )
  expect(named.at(-1)?.loaded).toBe(300_000)
  expect(seen.filter(({ name }) => name === 'messages[0].content[1].video')).toEqual([
    { loaded: 10, total: 10, name: 'messages[0].content[1].video' },
  ])
})

test('a list of frames is uploaded a few at a time, under one policy', async () => {
  server.pace = 5
  const frames = Array.from({ length: 12 }, (_, index) => new File([new Uint8Array(1000)], `${index}/1.jpg`))
  const transport = dashscope({ baseUrl: server.url, apiKey: 'k', media: 'upload' })
  const content = [{ type: 'frames', frames }] as const
  await createClient({ transport, model: 'kimi-k2.5' }).chat({ messages: [{ role: 'user', content }] })
  expect(server.forms).toHaveLength(12)
  expect(server.policies).toHaveLength(1)
  expect(server.busiest).toBeGreaterThan(1)
  expect(server.busiest).toBeLessThanOrEqual(4)
  const keys = server.forms.map(({ fields }) => fields.find(([name]) => name === 'key')?.[1])
  expect(new Set(keys).size).toBe(12)
  const sent = [...(server.chats[0]?.body.matchAll(/oss:\/\/([^"]+)/g) ?? [])].map(([, key]) => key)
  expect(new Set(sent)).toEqual(new Set(keys))
})

test('the first failure stops the other uploads, and no chat follows', async () => {
  server.storage = (_form, number, response) => {
    if (number > 1) return false
    response.statusCode = 400
    response.end('<Error><Code>InvalidArgument</Code><Message>No.</Message></Error>')
    return true
  }
  const videos = Array.from({ length: 12 }, () => bytes(100))
  await expect(send(videos)).rejects.toMatchObject(failing('invalid-request', /No\./))
  expect(server.forms.length).toBeLessThanOrEqual(4)
  expect(server.chats).toEqual([])
})

const expired = `<?xml version="1.0"?>
<Error><Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message>
<RequestId>6401</RequestId><SignatureProvided>n3dNX</SignatureProvided></Error>`

test('an expired policy is replaced, whatever the retries, and the file gets a fresh name', async () => {
  server.storage = (_form, number, response) => {
    if (number > 1) return false
    response.statusCode = 403
    response.end(expired)
    return true
  }
  await expect(send([bytes(1000)], { retries: 0 })).resolves.toBe('Seen.')
  expect(server.policies).toHaveLength(2)
  const keys = server.forms.map(({ fields }) => fields.find(([name]) => name === 'key')?.[1] ?? '')
  expect(keys.map((key) => key.split('/').slice(0, 3).join('/'))).toEqual([
    'dashscope-instant/abc/1',
    'dashscope-instant/abc/2',
  ])
  expect(keys[0]?.split('/')[3]).not.toBe(keys[1]?.split('/')[3])
  expect(server.chats[0]?.body).toContain(keys[1])
})

test('a policy that goes on being expired is a permission error with the words of the storage and no secret of its', async () => {
  server.storage = (_form, _number, response) => {
    response.statusCode = 403
    response.end(expired)
    return true
  }
  const failure: unknown = await send([bytes(1000)]).catch((error: unknown) => error)
  expect(failure).toMatchObject({ ...failing('permission', /Policy expired/), status: 403, requestId: '6401' })
  expect(String(failure)).not.toContain('n3dNX')
  expect(server.forms).toHaveLength(2)
})

test('a policy is not used beyond its own time', async () => {
  server.policy = { expire_in_seconds: 0 }
  // Four go at once, under one.
  await send(Array.from({ length: 5 }, () => bytes(10)))
  expect(server.policies).toHaveLength(2)
})

test('a file over the limit that the policy tells is a media error', async () => {
  server.policy = { max_file_size_mb: 1 }
  const message = /^messages\[0\]\.content\[0\]\.video: .*at most 1048576 bytes, got 1048577/
  await expect(send([bytes(2 ** 20 + 1)])).rejects.toMatchObject(failing('media', message))
  expect(server.forms).toEqual([])
})

test('a broken upload is repeated under another name, as often as retries say', async () => {
  server.storage = (_form, number, response) => {
    if (number > 2) return false
    if (number === 1) response.destroy()
    else response.writeHead(503).end()
    return true
  }
  vi.spyOn(Math, 'random').mockReturnValue(0.01)
  const retries: number[] = []
  const onRetry = ({ attempt }: { attempt: number }) => void retries.push(attempt)
  await expect(send([bytes(1000)], { onRetry })).resolves.toBe('Seen.')
  expect(retries).toEqual([1, 2])
  expect(new Set(server.forms.map(({ fields }) => fields[3]?.[1])).size).toBe(3)
  server.forms.length = 0
  await expect(send([bytes(1000)], { retries: 0 })).rejects.toMatchObject({ code: 'connection' })
  expect(server.forms).toHaveLength(1)
})

test('an upload whose answer is cut is repeated, and `incomplete` where it may not be', async () => {
  server.storage = (_form, number, response) => {
    if (number % 2 === 0) return false
    response.writeHead(200, { 'content-length': 10 }).write('a', () => response.destroy())
    return true
  }
  vi.spyOn(Math, 'random').mockReturnValue(0.01)
  await expect(send([bytes(1000)])).resolves.toBe('Seen.')
  await expect(send([bytes(1000)], { retries: 0 })).rejects.toMatchObject({ code: 'incomplete' })
})

test('redirects are not followed: not by the policy, not by the upload', async () => {
  const target = await listen()
  try {
    server.policy = { upload_host: `${server.url}/storage` }
    server.storage = (_form, _number, response) => {
      response.writeHead(307, { location: `${target.url}/storage` }).end()
      return true
    }
    await expect(send([bytes(3_000_000)])).rejects.toMatchObject(failing('connection', new RegExp(target.url)))
    const { port } = new URL(target.url)
    const fetch: typeof globalThis.fetch = async (input, init) =>
      new Request(input).url.includes('getPolicy')
        ? new Response(null, { status: 302, headers: { location: `http://127.0.0.1:${port}/x` } })
        : globalThis.fetch(input, init)
    await expect(send([bytes(1000)], { fetch })).rejects.toMatchObject(failing('connection', new RegExp(target.url)))
    expect([...target.forms, ...target.policies, ...target.chats, ...server.chats]).toEqual([])
  } finally {
    await target.close()
  }
})

test.each(['http://storage.example.com', 'ftp://127.0.0.1', 'not a host', ''])(
  'files do not go to %j, even if the policy names it',
  async (host) => {
    server.policy = { upload_host: host }
    await expect(send([bytes(1000)])).rejects.toMatchObject(failing('connection', /over https: only/))
  },
)

test('a policy in an unknown shape is a protocol error', async () => {
  server.policy = { upload_dir: null }
  await expect(send([bytes(1000)])).rejects.toMatchObject(failing('protocol', /upload_dir/))
})

test('a file that changed after it was opened is a media error, inline and uploaded', async () => {
  for (const media of ['inline', 'upload'] as const) {
    const path = join(directory, `${media}.mp4`)
    await writeFile(path, new Uint8Array(100_000))
    const file = await fromFile(path)
    await writeFile(path, 'changed')
    await expect(send([file], { media })).rejects.toMatchObject(
      failing('media', /^messages\[0\]\.content\[0\]\.video: cannot read/),
    )
  }
  expect(server.chats).toEqual([])
})

/** Takes a piece of an upload every 30 ms. */
const slowLine: typeof globalThis.fetch = async (input, init) => {
  if (!(init?.body instanceof Blob)) return globalThis.fetch(input, init)
  const reader = init.body.stream().getReader()
  while (!(await reader.read()).done) await new Promise((resolve) => setTimeout(resolve, 30))
  return new Response()
}

test('silence is a timeout, a slow upload is not', async () => {
  server.gate = new Promise(() => undefined)
  await expect(send([bytes(1000)], { timeout: 200 })).rejects.toMatchObject({ code: 'timeout' })

  const begun = performance.now()
  await expect(send([bytes(300_000)], { timeout: 400, fetch: slowLine })).resolves.toBe('Seen.')
  expect(performance.now() - begun).toBeGreaterThan(500)
})

test('the key and the signature are in nothing that observers see', async () => {
  const seen: unknown[] = []
  const note = (notice: unknown) => void seen.push(notice)
  await send([bytes(1000)], { onRequest: note, onResponse: note })
  expect(seen).toHaveLength(6)
  expect(JSON.stringify(seen)).not.toMatch(/sk-secret|n3dNX|cG9saWN5/)
})
