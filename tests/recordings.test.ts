import { once } from 'node:events'
import { mkdtempDisposable, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

import { compatible } from '@dualscope/compatible'
import { type ChatRequest, createClient } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import {
  compareRecordings,
  contract,
  createMock,
  faults,
  type Mock,
  type Recording,
  replay,
  toFixture,
  type TransportFactory,
} from '@dualscope/testing'
import { loadRecordings, startRecorder } from '@dualscope/testing/recorder'
import { listen } from '@dualscope/testing/server'
import { expect, test } from 'vitest'

const key = 'sk-0123456789abcdef0123456789abcdef'
const connects = [compatible, dashscope] as const

/** Records what `work` does with the client in front of a server. */
async function record(
  to: string,
  work: (url: string) => Promise<unknown>,
): Promise<{ files: string[]; texts: string[]; recordings: Recording[] }> {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'recordings-'))
  const errors: unknown[] = []
  const recorder = await startRecorder({ out: folder.path, to, onError: (error) => errors.push(error) })
  try {
    await work(recorder.url)
  } finally {
    await recorder.close()
  }
  expect(errors).toEqual([])
  const files = (await readdir(folder.path)).toSorted()
  const texts = await Promise.all(files.map((file) => readFile(join(folder.path, file), 'utf8')))
  return { files, texts, recordings: await loadRecordings(folder.path) }
}

async function recordMock(mock: Mock, work: (url: string) => Promise<unknown>) {
  const server = await listen(mock)
  try {
    return await record(server.url, work)
  } finally {
    await server.close()
  }
}

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function post(url: string, body: unknown, init: RequestInit = {}) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  return fetch(`${url}/compatible-mode/v1/chat/completions`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
    ...init,
  })
}

const chat = { model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }] }

test.each(connects)('recordings of %o replay whole answers, streams and errors alike', async (connect) => {
  const mock = createMock()
  const answer = {
    reasoning: ['Hm. ', '杭州'],
    text: ['Grüße', ' 👋'],
    toolCalls: [{ id: 'call_1', name: 'now', arguments: '{}' }],
  }
  mock.use([
    answer,
    { ...answer, fault: faults.split(3) },
    { type: 'error', status: 429, code: 'Throttling', message: 'Slow.' },
  ])
  const ask = async (options: { baseUrl?: string; fetch?: typeof fetch }) => {
    const client = createClient({ transport: connect({ apiKey: key, retries: 0, ...options }), model: 'kimi-k2.5' })
    const request = { messages: [{ role: 'user' as const, content: 'Hi' }], thinking: true }
    const whole = await client.chat(request)
    const stream = client.stream(request)
    const events: unknown[] = []
    for await (const event of stream) events.push(event)
    const error = await client.chat({ messages: [{ role: 'user', content: 'No' }] }).catch((reason: unknown) => reason)
    return JSON.stringify({ whole, events, result: await stream.result(), error })
  }
  let first = ''
  const { recordings, texts } = await recordMock(mock, async (url) => {
    first = await ask({ baseUrl: url })
  })
  expect(recordings.length).toBeGreaterThan(2)
  const again = createMock({ recordings })
  expect(await ask({ fetch: again.fetch })).toBe(first)
  expect(texts.join('')).not.toContain(key)
})

test.each(connects)('the same bytes come back from a recording, over %o', async (connect) => {
  const mock = createMock()
  mock.use({ text: ['Grüße', ' 👋'], fault: faults.splitCharacters() })
  const bodies: string[] = []
  const listening: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    bodies.push(await response.clone().text())
    return response
  }
  const ask = (options: object) =>
    createClient({ transport: connect({ apiKey: key, ...options }), model: 'kimi-k2.5' })
      .stream('Hi')
      .result()
  const { recordings } = await recordMock(mock, (url) => ask({ baseUrl: url, fetch: listening }))
  const again = createMock({ recordings })
  const replayed: typeof fetch = async (input, init) => {
    const response = await again.fetch(new Request(input, init))
    bodies.push(await response.clone().text())
    return response
  }
  await ask({ fetch: replayed })
  expect(bodies).toHaveLength(2)
  expect(bodies[1]).toBe(bodies[0])
})

test('a recording holds neither key nor account, and media by their digest', async () => {
  await using server = await serve((request, response) => {
    request.resume()
    response.writeHead(401, { 'content-type': 'application/json', 'x-account-uid': '12345678' })
    // The key comes back in two pieces.
    response.write(`{"code":"InvalidApiKey","message":"Bad ${key.slice(0, 9)}`)
    setTimeout(() => response.end(`${key.slice(9)}"}`), 20)
  })
  const image = `data:image/png;base64,${Buffer.alloc(100, 1).toString('base64')}`
  const content = [
    { type: 'image_url', image_url: { url: image } },
    { type: 'image_url', image_url: { url: 'oss://dashscope-instant/52afe077fb4825c6d74411758cb1ab98/a.png' } },
  ]
  const { files, texts, recordings } = await record(server.url, async (url) => {
    const headers = {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'x-dashscope-workspace': 'ws-secret',
    }
    const body = JSON.stringify({ model: 'kimi-k2.5', messages: [{ role: 'user', content }] })
    await (await fetch(`${url}/compatible-mode/v1/chat/completions?x=secret`, { method: 'POST', headers, body })).text()
    await (await fetch(`${url}/api/v1/uploads?action=getPolicy&model=kimi-k2.5`, { headers })).text()
  })
  expect(files).toEqual([
    expect.stringMatching(/^chat-completions_kimi-k2\.5_[0-9a-f]{8}\.json$/) as string,
    expect.stringMatching(/^v1-uploads_[0-9a-f]{8}\.json$/) as string,
  ])
  const text = texts.join('')
  for (const secret of [key, key.slice(0, 12), 'ws-secret', '12345678', '52afe077', 'x=secret', 'AQEBAQ']) {
    expect(text).not.toContain(secret)
  }
  expect(text).toContain('data:image/png;base64,(100 bytes, sha256 ')
  const policy = recordings.find(({ request }) => request.method === 'GET')
  expect(policy?.response).toMatchObject({ pieces: [], end: 'omitted' })
})

test('compressed answers pass as they are, and are recorded as text', async () => {
  const json = JSON.stringify({ choices: [{ message: { content: 'Hi' } }] })
  await using server = await serve((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(gzipSync(json))
  })
  const { recordings } = await record(server.url, async (url) => {
    const response = await post(url, chat)
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(await response.text()).toBe(json)
  })
  expect(recordings[0]?.response.pieces).toEqual([{ after: expect.any(Number) as number, text: json }])
  expect(
    await (
      await createMock({ recordings }).fetch('https://a.test/compatible-mode/v1/chat/completions', {
        method: 'POST',
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
        body: JSON.stringify(chat),
      })
    ).text(),
  ).toBe(json)
})

test('a broken answer breaks for the client, and an abandoned one ends at the service', async () => {
  let closed = 0
  await using server = await serve((request, response) => {
    request.resume()
    response.once('close', () => {
      closed += 1
    })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choices":[]}\n\n')
    if (request.headers['x-break']) setTimeout(() => response.destroy(), 50)
  })
  const { recordings } = await record(server.url, async (url) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const broken = await post(url, { ...chat, stream: true }, { headers: { ...headers, 'x-break': '1' } })
    await expect(broken.text()).rejects.toThrow(TypeError)
    const controller = new AbortController()
    const left = await post(url, { ...chat, stream: true, seed: 1 }, { signal: controller.signal })
    await left.body!.getReader().read()
    controller.abort()
    await expect.poll(() => closed).toBe(2)
  })
  expect(recordings.map(({ response }) => response.end).toSorted()).toEqual(['aborted', 'broken'])
  for (const recording of recordings) {
    const response = await createMock({ recordings: [recording] }).fetch(
      'https://a.test/compatible-mode/v1/chat/completions',
      {
        method: 'POST',
        headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
        body: JSON.stringify(recording.request.body),
      },
    )
    await expect(response.text()).rejects.toThrow('terminated')
  }
})

test('an upload of 300 MB passes without being held in memory', async () => {
  let received = 0
  await using server = await serve((request, response) => {
    request.on('data', (bytes: Buffer) => {
      received += bytes.length
    })
    request.on('end', () => response.writeHead(200).end())
  })
  const piece = new Uint8Array(1024 * 1024)
  let highest = 0
  async function* body() {
    for (let count = 0; count < 300; count += 1) {
      highest = Math.max(highest, process.memoryUsage().arrayBuffers)
      yield piece
    }
  }
  const before = process.memoryUsage().arrayBuffers
  const { recordings } = await record(server.url, async (url) => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'video/mp4' },
      body: Readable.toWeb(Readable.from(body())),
      duplex: 'half',
    }
    expect((await fetch(`${url}/mock-oss`, init as RequestInit)).status).toBe(200)
  })
  expect(received).toBe(300 * 1024 * 1024)
  expect(highest - before).toBeLessThan(150 * 1024 * 1024)
  expect(recordings[0]?.request.body).toMatch(/^\(314572800 bytes of video\/mp4, sha256 [0-9a-f]{64}\)$/)
}, 30_000)

test('two hundred exchanges at once are two hundred recordings', async () => {
  const mock = createMock({ latency: 1 })
  const { files, recordings } = await recordMock(mock, (url) =>
    Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const response = await post(url, { ...chat, stream: true, seed: index % 100 })
        expect(await response.text()).toMatch(/\[DONE\]/)
      }),
    ),
  )
  expect(files).toHaveLength(200)
  expect(new Set(recordings.map(({ request }) => JSON.stringify(request.body))).size).toBe(100)
  expect(recordings.every(({ response }) => response.end === 'complete')).toBe(true)
})

function recordAll(bodies: readonly object[], mock = createMock()) {
  return recordMock(mock, async (url) => {
    for (const body of bodies) await (await post(url, body)).text()
  })
}

test('the same requests have the same names, in any order', async () => {
  const requests = [chat, { ...chat, seed: 1 }, chat]
  expect((await recordAll(requests)).files).toEqual((await recordAll(requests.toReversed())).files)
})

test('a request with an endless model id is recorded under a short name', async () => {
  const { files } = await recordAll([{ ...chat, model: 'a'.repeat(400) }])
  expect(files).toEqual([expect.stringMatching(/^chat-completions_a{60}_[0-9a-f]{8}\.json$/)])
})

test('a mock with recordings answers the same request, then one of the same shape, and refuses any other', async () => {
  const mock = createMock()
  mock.use([{ text: 'one' }, { text: 'two' }])
  const { recordings } = await recordMock(mock, async (url) => {
    await (await post(url, chat)).text()
    await (await post(url, { ...chat, messages: [{ role: 'user', content: 'Bye' }] })).text()
  })
  const again = createMock({ recordings })
  const ask = async (body: object) => {
    const headers = { authorization: 'Bearer any', 'content-type': 'application/json' }
    const init = { method: 'POST', headers, body: JSON.stringify(body) }
    return (await again.fetch('https://a.test/compatible-mode/v1/chat/completions', init)).text()
  }
  expect(await ask({ ...chat, messages: [{ role: 'user', content: 'Bye' }] })).toContain('two')
  expect(await ask(chat)).toContain('one')
  expect(await ask({ ...chat, messages: [{ role: 'user', content: 'Never seen' }] })).toMatch(/one|two/)
  expect(await ask({ ...chat, temperature: 1 })).toContain('MockNotRecorded')
  expect(await ask({ ...chat, model: 'kimi-k2.6' })).toContain('MockNotRecorded')
  again.use({ text: 'queued' })
  expect(await ask(chat)).toContain('queued')
})

test('a request beyond the limit takes no recording, and the Accept header makes no stream of a whole answer', async () => {
  const mock = createMock()
  mock.use([{ text: 'one' }, { text: 'two' }])
  // An SDK may accept streams with every request.
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', accept: 'text/event-stream' }
  const { recordings } = await recordMock(mock, async (url) => {
    for (let count = 0; count < 2; count += 1) await (await post(url, chat, { headers })).text()
  })
  let now = 0
  const again = createMock({ recordings, limits: { requestsPerMinute: 1 }, now: () => now })
  const answer = async () => {
    const init = { method: 'POST', headers, body: JSON.stringify(chat) }
    const response = await again.fetch('https://a.test/compatible-mode/v1/chat/completions', init)
    return { status: response.status, text: await response.text() }
  }
  expect(await answer()).toEqual({ status: 200, text: expect.stringContaining('one') as string })
  expect(await answer()).toMatchObject({ status: 429 })
  now = 60_000
  expect(await answer()).toEqual({ status: 200, text: expect.stringContaining('two') as string })
})

function ask(content: string): ChatRequest {
  return { messages: [{ role: 'user', content }] }
}

test.each(connects)(
  'recordings become cases of the contract of %o, which notice an answer that is read wrongly',
  async (connect) => {
    const mock = createMock()
    mock.use([{ reasoning: 'Hm.', text: ['Grüße', ' 👋'] }, { text: 'whole' }, { type: 'error', status: 500 }])
    const { recordings } = await recordMock(mock, async (url) => {
      const client = createClient({ transport: connect({ apiKey: key, retries: 0, baseUrl: url }), model: 'kimi-k2.5' })
      await client.stream({ ...ask('one'), thinking: true }).result()
      await client.chat(ask('two'))
      await client.chat(ask('three')).catch(() => undefined)
    })
    const find = (factory: TransportFactory) =>
      contract(factory, { recordings }).filter(({ name }) => name.startsWith('documented: recording'))
    expect(find(connect)).toHaveLength(3)
    for (const { run } of find(connect)) await run()
    const losing = find((options) => {
      const inner = connect(options)
      return { ...inner, send: async (...call) => ({ ...(await inner.send(...call)), text: 'lost' }) }
    })
    const failed = await Promise.all(
      losing.map(({ run }) =>
        run().then(
          () => false,
          () => true,
        ),
      ),
    )
    expect(failed.filter(Boolean)).toHaveLength(1)
    expect(replay(toFixture(recordings[0]!, 'mine'))).toMatchObject({ type: 'raw' })
  },
)

test('an invalid recording is refused by its place', () => {
  expect(() => createMock({ recordings: [{ version: 2 } as never] })).toThrow(
    /^createMock: recordings\[0\]: version: must be 1/,
  )
})

test.each([
  ['a status out of range', { response: { status: 0 } }, /response\.status: must be an HTTP status, 200 to 599, got 0/],
  [
    'a path of another host',
    { request: { path: '.evil.test/chat/completions' } },
    /request\.path: must be a path, which begins with \//,
  ],
  ['bytes that are not Base64', { response: { pieces: [{ after: 0, base64: '?' }] } }, /response\.pieces\[0\]/],
])('a recording with %s is refused', (_, { request = {}, response = {} }: Record<string, object>, message) => {
  const recording = {
    version: 1,
    request: { method: 'POST', path: '/a/chat/completions', headers: {}, body: null, ...request },
    response: { status: 200, headers: {}, pieces: [], end: 'complete', ...response },
  }
  expect(() => createMock({ recordings: [recording as Recording] })).toThrow(message)
})

test('a file that is not JSON is refused by its name', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'recordings-'))
  await writeFile(join(folder.path, 'torn.json'), '{"version": 1,')
  await expect(loadRecordings(folder.path)).rejects.toThrow(/^torn: must be JSON: /)
})

test('a response that cannot be decompressed passes, and its recording omits the body', async () => {
  await using server = await serve((request, response) => {
    request.resume()
    const encoding = request.headers['accept-encoding'] === 'x' ? 'unheard-of' : 'gzip'
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end('{"not": "gzip"}')
  })
  const { recordings } = await record(server.url, async (url) => {
    for (const encoding of ['x', 'gzip']) {
      const answer = get(`${url}/a`, { headers: { 'accept-encoding': encoding } })
      const [response] = (await once(answer, 'response')) as [IncomingMessage]
      expect(await text(response)).toBe('{"not": "gzip"}')
    }
  })
  expect(recordings.map(({ response: { pieces, end } }) => ({ pieces, end }))).toEqual([
    { pieces: [], end: 'omitted' },
    { pieces: [], end: 'omitted' },
  ])
})

test('a target that is a whole URL reaches no other host', async () => {
  let reached = 0
  await using other = await serve((_, response) => {
    reached += 1
    response.end()
  })
  await using server = await serve((_, response) => response.end())
  await using folder = await mkdtempDisposable(join(tmpdir(), 'recordings-'))
  const recorder = await startRecorder({ out: folder.path, to: server.url, onError: () => undefined })
  try {
    const { port } = new URL(recorder.url)
    const headers = { authorization: `Bearer ${key}` }
    const answer = get({ host: '127.0.0.1', port, path: `${other.url}/a`, headers })
    const [response] = (await once(answer, 'response')) as [IncomingMessage]
    expect({ status: response.statusCode, text: await text(response) }).toEqual({
      status: 400,
      text: 'The target must be a path: use the recorder as the base URL, not as a proxy.\n',
    })
  } finally {
    await recorder.close()
  }
  expect(reached).toBe(0)
})

test('a recording that cannot be written is reported by close, unless onError takes it', async () => {
  await using server = await serve((_, response) => response.end('{}'))
  await using folder = await mkdtempDisposable(join(tmpdir(), 'recordings-'))
  const out = join(folder.path, 'out')
  const recorder = await startRecorder({ out, to: server.url })
  await rm(out, { recursive: true })
  expect((await fetch(`${recorder.url}/a`)).status).toBe(200)
  await expect(recorder.close()).rejects.toThrow('ENOENT')
})

async function say(scenario: Parameters<Mock['use']>[0]): Promise<Recording> {
  const mock = createMock()
  mock.use(scenario)
  const { recordings } = await recordAll([{ ...chat, stream: true }], mock)
  return recordings[0]!
}

test('recordings are compared by shape, never by text', async () => {
  const before = await say({ text: ['one', ' two'] })
  expect(compareRecordings(before, await say({ text: ['another', ' answer', ' of three'] }))).toEqual([])
  expect(compareRecordings(before, await say({ type: 'error', status: 500, code: 'x', message: 'y' }))).toEqual(
    expect.arrayContaining(['- status: 200', '+ status: 500', '+ error.code: "x"']),
  )
  const thinking = compareRecordings(before, await say({ reasoning: 'Hm.', text: 'one' }))
  expect(thinking).toEqual(
    expect.arrayContaining([
      '+ choices[].delta.reasoning_content: string',
      '- order: text, finish',
      '+ order: reasoning, text, finish',
    ]),
  )
  expect(compareRecordings(before, await say({ text: 'one', fault: faults.contentType('application/json') }))).toEqual([
    '- content-type: text/event-stream',
    '+ content-type: application/json',
  ])
})
