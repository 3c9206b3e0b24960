import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

import { createMock } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { afterEach, expect, test } from 'vitest'

import type { Line, Welcome } from './line.ts'
import type { QuestionFields } from './question.ts'
import { createPlayground, type PlaygroundOptions } from './server.ts'
import { chooseService, type Service, type ServiceOptions } from './service.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

function choose(environment: Record<string, string>, options: Partial<ServiceOptions> = {}) {
  return chooseService(environment, { model: 'kimi-k2.5', mock: false, ...options })
}

async function open(service?: Service, options: Partial<PlaygroundOptions> = {}) {
  const playground = await createPlayground(service ?? (await choose({})), { port: 0, ...options })
  closing.push(playground.close)
  return new URL(playground.url)
}

/** Sends a request with headers that a browser would not let a page set. */
function send(url: URL, method: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }>((resolve, reject) => {
    const sent = httpRequest(url, { method, headers }, (response) => {
      const { statusCode: status, headers } = response
      text(response).then((body) => resolve({ status, headers, body }), reject)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

function question(fields: Partial<QuestionFields> = {}, files: readonly (readonly File[])[] = []) {
  const form = new FormData()
  const defaults: QuestionFields = {
    protocols: ['compatible', 'dashscope'],
    model: 'kimi-k2.5',
    turns: [{ prompt: 'Who are you?' }],
  }
  form.set('question', JSON.stringify({ ...defaults, ...fields }))
  for (const [turn, each] of files.entries()) for (const file of each) form.append(`media.${turn}`, file)
  return form
}

async function ask(url: URL, form: FormData) {
  const response = await fetch(new URL('/ask', url), { method: 'POST', body: form, headers: { origin: url.origin } })
  const body = await response.text()
  const lines = response.ok ? body.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Line] : [])) : []
  return { status: response.status, type: response.headers.get('content-type'), body, lines }
}

function answerOf(lines: Line[], protocol: string) {
  return lines
    .map((line) =>
      line.protocol === protocol && line.type === 'event' && line.event.type === 'text-delta' ? line.event.delta : '',
    )
    .join('')
}

test('without a key the mock streams thinking, answer, usage, cost and the request over both protocols', async () => {
  const { type, lines } = await ask(await open(), question({ thinking: { budget: 300 } }))
  expect(type).toBe('application/x-ndjson')
  for (const protocol of ['compatible', 'dashscope'] as const) {
    const own = lines.filter((line) => line.protocol === protocol)
    const kinds = own.flatMap((line) =>
      line.type === 'wire' ? [] : [line.type === 'event' ? line.event.type : line.type],
    )
    expect(kinds.filter((kind, index) => kind !== kinds[index - 1])).toEqual([
      'request',
      'reasoning-delta',
      'text-delta',
      'finish',
      'done',
    ])
    expect(answerOf(own, protocol)).toBe('You said: Who are you?')
    expect(own[0]).toMatchObject({ request: { protocol, method: 'POST', headers: { authorization: '[redacted]' } } })
    expect(JSON.stringify(own[0])).toContain('"thinking_budget":300')
    expect(own.at(-1)).toMatchObject({
      finishReason: 'stop',
      usage: { totalTokens: expect.any(Number) },
      cost: { currency: 'USD', total: expect.any(Number) },
    })
  }
})

test('each event of the wire comes with its time, as the service sent it', async () => {
  const { lines } = await ask(await open(), question({ turns: [{ prompt: 'one two three four' }] }))
  for (const [protocol, first] of [
    ['compatible', /^data: \{.*"object":"chat\.completion\.chunk"/],
    ['dashscope', /^id:1\nevent:result\n/],
  ] as const) {
    const events = lines.flatMap((line) => (line.protocol === protocol && line.type === 'wire' ? [line] : []))
    expect(events[0]?.text).toMatch(first)
    expect(events.length).toBeGreaterThan(2)
    const times = events.map(({ at }) => at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  }
})

test('the word "mock" stays readable in the events of the mock, whose key it is', async () => {
  const { lines } = await ask(await open(), question({ turns: [{ prompt: 'Do you mock me?' }] }))
  const texts = lines.flatMap((line) => (line.type === 'wire' ? [line.text] : []))
  expect(texts.join('')).not.toContain('[redacted]')
})

test('settings and earlier turns reach the service; a turn without an answer of the protocol is left out', async () => {
  const mock = createMock()
  const service: Service = { name: 'x', live: false, model: 'x', options: { apiKey: 'mock', fetch: mock.fetch } }
  const turns = [
    { prompt: 'One.', answers: { compatible: { content: 'First.', reasoning: 'Hm.' } } },
    { prompt: 'Two.', answers: { dashscope: { content: 'Second.' } } },
    { prompt: 'Three.' },
  ]
  await ask(
    await open(service),
    question({
      turns,
      model: 'any-model',
      system: 'Be brief.',
      temperature: 0.5,
      topP: 0.8,
      maxTokens: 50,
      seed: 3,
      search: true,
    }),
  )
  const body = (protocol: string) => mock.requests.find((request) => request.protocol === protocol)?.body
  expect(body('compatible')).toMatchObject({
    model: 'any-model',
    temperature: 0.5,
    top_p: 0.8,
    max_tokens: 50,
    seed: 3,
    enable_search: true,
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'One.' },
      { role: 'assistant', content: 'First.' },
      { role: 'user', content: 'Three.' },
    ],
  })
  expect((body('dashscope') as { input: { messages: unknown[] } }).input.messages).toHaveLength(4)
})

test('only the chosen protocols are called', async () => {
  const { lines } = await ask(await open(), question({ protocols: ['dashscope'] }))
  expect(new Set(lines.map(({ protocol }) => protocol))).toEqual(new Set(['dashscope']))
})

test('an image and a video are sent', async () => {
  const media = new URL('../../../../examples/media/', import.meta.url)
  const files = [
    new File([readFileSync(new URL('house.png', media))], 'house.png', { type: 'image/png' }),
    new File([readFileSync(new URL('test-pattern.mp4', media))], 'a.mp4', { type: 'video/mp4' }),
  ]
  const { lines } = await ask(await open(), question({}, [files]))
  for (const protocol of ['compatible', 'dashscope']) {
    expect(answerOf(lines, protocol)).toBe('You said: Who are you?\nI see 1 image, 1 video.')
  }
})

test('each protocol reports its failure with advice', async () => {
  const { status, lines } = await ask(await open(), question({ model: 'kimi-k2-thinking', thinking: false }))
  expect(status).toBe(200)
  expect(lines).toEqual(
    ['compatible', 'dashscope'].map((protocol) =>
      expect.objectContaining({
        protocol,
        type: 'error',
        code: 'unsupported',
        message: expect.stringContaining('think'),
        advice: 'Remove it, or try another protocol or model.',
      }),
    ),
  )
})

test('the key goes to the service alone', async () => {
  const apiKey = 'sk-of-this-test'
  const mock = createMock({ apiKey })
  const { url: baseUrl, close } = await listen(mock)
  closing.push(close)
  const service = await choose({ DASHSCOPE_API_KEY: apiKey, DASHSCOPE_BASE_URL: baseUrl })
  expect(service.live).toBe(true)
  const url = await open(service)
  mock.use({ text: 'Hi' })
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: `Is ${apiKey} yours?` })
  const { body, lines } = await ask(url, question())
  expect(lines.some(({ type }) => type === 'done')).toBe(true)
  expect(lines.some(({ type }) => type === 'error')).toBe(true)
  expect(mock.requests).toHaveLength(2)
  const seen = [body]
  for (const path of ['/', '/page.js', '/style.css', '/welcome', '/nothing', '/constructor']) {
    const answer = await send(new URL(path, url), 'GET', {})
    seen.push(JSON.stringify(answer))
  }
  expect(seen.join()).not.toContain(apiKey)
})

test('a request for another host name is refused: DNS rebinding', async () => {
  const url = await open()
  for (const host of ['evil.example', `evil.example:${url.port}`, '127.0.0.1', `127.0.0.1.evil.example:${url.port}`]) {
    expect((await send(url, 'GET', { host })).status).toBe(403)
    expect((await send(new URL('/ask', url), 'POST', { host, origin: `http://${host}` })).status).toBe(403)
  }
  expect((await send(url, 'GET', { host: `localhost:${url.port}` })).status).toBe(200)
})

test('a request from another page is refused: CSRF', async () => {
  const url = await open()
  const post = (headers: Record<string, string>) => send(new URL('/ask', url), 'POST', headers)
  for (const origin of [
    'https://evil.example',
    'null',
    `http://127.0.0.1:${Number(url.port) + 1}`,
    `https://${url.host}`,
  ]) {
    expect((await post({ origin })).status).toBe(403)
    expect((await send(new URL('/welcome', url), 'GET', { origin })).status).toBe(403)
  }
  expect((await post({})).status).toBe(403)
  // Let in, and refused for what it is.
  expect((await post({ origin: url.origin })).status).toBe(415)
})

test('a question that is too large is refused, with and without a Content-Length', async () => {
  const url = await open(undefined, { limit: 1000 })
  const headers = { origin: url.origin, 'content-type': 'multipart/form-data; boundary=x' }
  const said = await send(new URL('/ask', url), 'POST', { ...headers, 'content-length': '1001' }, 'x'.repeat(1001))
  expect(said.status).toBe(413)
  const unsaid = await send(
    new URL('/ask', url),
    'POST',
    { ...headers, 'transfer-encoding': 'chunked' },
    'x'.repeat(1001),
  )
  expect(unsaid.status).toBe(413)
})

test('a broken form and an invalid field are refused with a message', async () => {
  const url = await open()
  const headers = { origin: url.origin, 'content-type': 'multipart/form-data; boundary=x' }
  expect((await send(new URL('/ask', url), 'POST', headers, 'nonsense')).status).toBe(400)
  const { status, body } = await ask(url, question({ protocols: [] }))
  expect([status, JSON.parse(body)]).toEqual([400, { message: 'protocols: Choose a protocol' }])
  const unknown = await ask(url, question({ thinking: { budget: null } as never }))
  expect([unknown.status, JSON.parse(unknown.body)]).toEqual([
    400,
    { message: expect.stringMatching(/^thinking(\.budget)?: /) as string },
  ])
})

test('the page runs its own script alone, and makes no markup of text', async () => {
  const url = await open()
  const page = await send(url, 'GET', {})
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /)
  expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=| style=/)
  expect(page.headers['content-security-policy']).toContain("require-trusted-types-for 'script'; trusted-types 'none'")
  const script = await send(new URL('/page.js', url), 'GET', {})
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(script.body).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/)
})

test('only the files of the page are served', async () => {
  const url = await open()
  for (const path of ['/server.ts', '/../cli.js', '/..%2fcli.js', '/page.ts', '//etc/passwd', '/constructor']) {
    expect((await send(new URL(url.origin + path), 'GET', {})).status).toBe(404)
  }
  const { models, live } = JSON.parse((await send(new URL('/welcome', url), 'GET', {})).body) as Welcome
  expect(live).toBe(false)
  expect(models.map(({ id }) => id)).toContain('kimi-k2.5')
})

test('a page that leaves aborts its calls', async () => {
  const mock = createMock({ latency: 20 })
  const url = await open({
    name: 'the mock',
    live: false,
    model: 'kimi-k2.5',
    options: { apiKey: 'mock', fetch: mock.fetch },
  })
  const controller = new AbortController()
  const response = await fetch(new URL('/ask', url), {
    method: 'POST',
    body: question({ turns: [{ prompt: 'word '.repeat(1000) }] }),
    headers: { origin: url.origin },
    signal: controller.signal,
  })
  await response.body?.getReader().read()
  await expect.poll(() => mock.openResponses).toBe(2)
  controller.abort()
  await expect.poll(() => mock.openResponses).toBe(0)
})

test('with temporary keys the page gets a key for a minute and the address, and the server sends no question', async () => {
  const service = await choose({}, { temporaryKeys: true })
  closing.push(async () => service.close?.())
  const url = await open(service)
  const { baseUrl } = service.options
  const page = await fetch(url)
  expect(page.headers.get('content-security-policy')).toContain(
    `connect-src 'self' ${String(baseUrl)} https://*.aliyuncs.com;`,
  )
  const welcome = (await (await fetch(new URL('/welcome', url))).json()) as Welcome
  expect(welcome.direct).toEqual({ baseUrl })
  const answer = await fetch(new URL('/key', url), { method: 'POST', headers: { origin: url.origin } })
  const { key, expiresAt } = (await answer.json()) as { key: string; expiresAt: string }
  expect(key).toMatch(/^st-/)
  expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(61_000)
  expect((await ask(url, question())).status).toBe(404)
})

test('without temporary keys no page gets a key', async () => {
  const url = await open()
  const answer = await fetch(new URL('/key', url), { method: 'POST', headers: { origin: url.origin } })
  expect(answer.status).toBe(404)
  expect((await fetch(url)).headers.get('content-security-policy')).toContain("connect-src 'self';")
})
