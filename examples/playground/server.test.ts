import { readFileSync } from 'node:fs'
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'

import { createMock } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { afterEach, expect, test } from 'vitest'

import type { Line, Welcome } from './line.ts'
import { createPlayground, type PlaygroundOptions } from './server.ts'
import { chooseService, type Service } from './service.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(service: Service = chooseService({}), options: Partial<PlaygroundOptions> = {}) {
  const playground = await createPlayground(service, { port: 0, ...options })
  closing.push(playground.close)
  return new URL(playground.url)
}

/** As a browser would not let a page do it: with any header. */
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

function question(fields: Record<string, string | Blob> = {}, protocols = ['compatible', 'dashscope']) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ model: 'kimi-k2.5', prompt: 'Who are you?', ...fields })) {
    form.set(name, value)
  }
  for (const protocol of protocols) form.append('protocol', protocol)
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
  const { type, lines } = await ask(await open(), question({ thinking: 'budget', budget: '300' }))
  expect(type).toBe('application/x-ndjson')
  for (const protocol of ['compatible', 'dashscope'] as const) {
    const own = lines.filter((line) => line.protocol === protocol)
    const kinds = own.map((line) => (line.type === 'event' ? line.event.type : line.type))
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

test('only the protocols that were chosen are asked', async () => {
  const { lines } = await ask(await open(), question({}, ['dashscope']))
  expect(new Set(lines.map(({ protocol }) => protocol))).toEqual(new Set(['dashscope']))
})

test('a picture and a video go along', async () => {
  const media = new URL('../media/', import.meta.url)
  const form = question()
  form.append('media', new File([readFileSync(new URL('house.png', media))], 'house.png', { type: 'image/png' }))
  form.append('media', new File([readFileSync(new URL('test-pattern.mp4', media))], 'a.mp4', { type: 'video/mp4' }))
  const { lines } = await ask(await open(), form)
  for (const protocol of ['compatible', 'dashscope']) {
    expect(answerOf(lines, protocol)).toBe('You said: Who are you?\nI see 1 image, 1 video.')
  }
})

test('a failure is told per protocol, in words', async () => {
  const { status, lines } = await ask(await open(), question({ model: 'kimi-k2-thinking', thinking: 'off' }))
  expect(status).toBe(200)
  expect(lines).toEqual(
    ['compatible', 'dashscope'].map((protocol) =>
      expect.objectContaining({
        protocol,
        type: 'error',
        code: 'unsupported',
        message: expect.stringContaining('think'),
      }),
    ),
  )
})

test('the key goes to the service alone', async () => {
  const apiKey = 'sk-of-this-test'
  const mock = createMock({ apiKey })
  const { url: baseUrl, close } = await listen(mock)
  closing.push(close)
  const service = chooseService({ DASHSCOPE_API_KEY: apiKey, DASHSCOPE_BASE_URL: baseUrl })
  expect(service.live).toBe(true)
  const url = await open(service)
  mock.use({ text: 'Hi' })
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: `Is ${apiKey} yours?` })
  const { body, lines } = await ask(url, question())
  expect(lines.some(({ type }) => type === 'done')).toBe(true)
  expect(lines.some(({ type }) => type === 'error')).toBe(true)
  expect(mock.requests).toHaveLength(2)
  const seen = [body]
  for (const path of ['/', '/page.ts', '/panel.ts', '/find.ts', '/style.css', '/welcome', '/nothing', '/main.ts']) {
    const answer = await send(new URL(path, url), 'GET', {})
    seen.push(JSON.stringify(answer))
  }
  expect(seen.join()).not.toContain(apiKey)
})

test('a request by another name than this machine is refused: DNS rebinding', async () => {
  const url = await open()
  for (const host of ['evil.example', `evil.example:${url.port}`, '127.0.0.1', `127.0.0.1.evil.example:${url.port}`]) {
    expect((await send(url, 'GET', { host })).status).toBe(403)
    expect((await send(new URL('/ask', url), 'POST', { host, origin: `http://${host}` })).status).toBe(403)
  }
  expect((await send(url, 'GET', { host: `localhost:${url.port}` })).status).toBe(200)
})

test('a request of another page is refused: CSRF', async () => {
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

test('a question that is too large is refused, whether it says so or not', async () => {
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

test('a broken form and a question without a protocol are refused in words', async () => {
  const url = await open()
  const headers = { origin: url.origin, 'content-type': 'multipart/form-data; boundary=x' }
  expect((await send(new URL('/ask', url), 'POST', headers, 'nonsense')).status).toBe(400)
  const { status, body } = await ask(url, question({}, []))
  expect([status, JSON.parse(body)]).toEqual([400, { message: 'Choose a protocol' }])
})

test('the page runs no script but its own, which needs no types', async () => {
  const url = await open()
  const page = await send(url, 'GET', {})
  expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /)
  expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style| on\w+=| style=/)
  const script = await send(new URL('/page.ts', url), 'GET', {})
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
  expect(script.body).not.toContain('import type')
  expect(script.body).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/)
})

test('only what belongs to the page is served', async () => {
  const url = await open()
  for (const path of ['/server.ts', '/../server.ts', '/..%2fserver.ts', '/page/page.ts', '//etc/passwd']) {
    expect((await send(new URL(url.origin + path), 'GET', {})).status).toBe(404)
  }
  const { models, live } = JSON.parse((await send(new URL('/welcome', url), 'GET', {})).body) as Welcome
  expect(live).toBe(false)
  expect(models.map(({ id }) => id)).toContain('kimi-k2.5')
})

test('a page that leaves ends what was asked', async () => {
  const mock = createMock({ latency: 20 })
  const url = await open({ name: 'the mock', live: false, options: { apiKey: 'mock', fetch: mock.fetch } })
  const controller = new AbortController()
  const response = await fetch(new URL('/ask', url), {
    method: 'POST',
    body: question({ prompt: 'word '.repeat(1000) }),
    headers: { origin: url.origin },
    signal: controller.signal,
  })
  await response.body?.getReader().read()
  await expect.poll(() => mock.openResponses).toBe(2)
  controller.abort()
  await expect.poll(() => mock.openResponses).toBe(0)
})
