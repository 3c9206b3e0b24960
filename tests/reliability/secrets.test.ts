import { inspect } from 'node:util'

import { createClient, fallback, type TransportOptions } from '@dualscope/core'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { faults, type Mode } from './fault-matrix.ts'
import { protocols } from './protocols.ts'
import { startRawServer, whole } from './raw-server.ts'

const key = 'sk-5ec2e7f00d5ec2e7f00d5ec2e7f00d'

/** Everything that can be seen of a value. */
function seen(value: unknown): string {
  const texts = [
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
    String(value),
    JSON.stringify(value),
  ]
  for (let error = value; error instanceof Error; error = error.cause) {
    texts.push(
      error.message,
      error.stack ?? '',
      JSON.stringify(error),
      JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    )
  }
  return texts.join('\n')
}

/** Options whose observers keep what they are shown. */
function watched(options: TransportOptions): { options: TransportOptions; shown: unknown[] } {
  const shown: unknown[] = []
  const show = (notice: unknown) => void shown.push(notice)
  return { options: { ...options, onRequest: show, onResponse: show, onRetry: show, onDrop: show }, shown }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

/** Fails as some clients do: with all that it was given hanging on its error. */
const leakyFetch: typeof fetch = async (url, init) => {
  const request = new Request(url, init)
  const inner = new Error(`refused ${request.headers.get('authorization')}`)
  throw new TypeError('fetch failed', { cause: Object.assign(inner, { request, init, config: init, code: 'E' }) })
}

const modes: readonly Mode[] = ['chat', 'stream']

describe.each(protocols)('over $name the key is nowhere', (bytes) => {
  async function failureOf(given: TransportOptions, mode: Mode = 'chat'): Promise<string> {
    const { options, shown } = watched({ apiKey: key, timeout: 200, retries: 1, ...given })
    const transport = bytes.connect(options)
    const client = createClient({ transport: fallback([transport]), model: 'kimi-k2.5' })
    const failure = await (mode === 'chat' ? client.chat('hi') : client.stream('hi').result()).catch(
      (error: unknown) => error,
    )
    expect(failure).toBeInstanceOf(Error)
    return [failure, transport, client, ...shown].map(seen).join('\n')
  }

  describe.each(modes)('%s:', (mode) => {
    test.concurrent.for(faults.filter(({ expected }) => expected[mode].code !== 'answered'))(
      '$name',
      async ({ serve }) => {
        const server = await startRawServer((request) => serve?.(request, bytes, mode))
        if (!serve) await server.stop()
        expect(await failureOf({ baseUrl: server.url }, mode)).not.toContain(key)
        if (serve) await server.stop()
      },
    )

    test.concurrent.for([
      [500, {}, `{"code":"InternalError","message":"you said Bearer ${key}","request_id":"${key}"}`],
      [400, {}, `{"error":{"message":"bad key ${key}","code":"${key}"}}`],
      [502, { 'content-type': 'text/html' }, `<pre>authorization: Bearer ${key}</pre>`],
      [502, {}, 'x'.repeat(180) + key],
      [200, {}, `debug: ${key}`],
      [200, {}, `{"headers":{"authorization":"Bearer ${key}"}}`],
      [200, {}, 'x'.repeat(180) + key],
      [200, { 'content-type': 'text/event-stream' }, `data: oops ${key}\n\n`],
      [200, { 'x-request-id': key, 'x-echo': `Bearer ${key}` }, '{"code":"InvalidParameter","message":"no"}'],
      [307, { location: `https://${key}.example/${key}` }, ''],
    ] as const)('a service that echoes it (%i %o)', async ([status, headers, body]) => {
      const server = await startRawServer(({ socket }) => socket.end(whole(status, headers, body)))
      const text = await failureOf({ baseUrl: server.url }, mode)
      expect(text).not.toContain(key)
      // Nor most of it, where a message was cut.
      expect(text).not.toContain(key.slice(0, 12))
      await server.stop()
    })
  })

  test.concurrent.for<[string, TransportOptions]>([
    ['key with a line break', { apiKey: `${key}\n` }],
    ['key of other letters', { apiKey: `${key}é` }],
    ['key as the base URL', { baseUrl: key }],
    ['key in the base URL', { baseUrl: `https://user:${key}@host.example` }],
    ['key in the query', { baseUrl: `https://host.example/?key=${key}` }],
    ['key in a broken URL', { baseUrl: `http//:${key}@host` }],
    ['key as a scheme', { baseUrl: `${key}:x` }],
    ['key in a header with a line break', { headers: { authorization: `Bearer ${key}\n` } }],
    ['key in the name of a header', { headers: { [`authorization: ${key}`]: '' } }],
    ['key in a header of its own', { headers: { 'x-mine': key }, baseUrl: 'http://127.0.0.1:1' }],
    ['plain http', { baseUrl: `http://host.example/${key.slice(0, 3)}` }],
    ['no such host', { baseUrl: 'https://nowhere.invalid' }],
  ])('%s', async ([, options]) => {
    expect(await failureOf(options)).not.toContain(key)
  })

  test('an error of a fetch that holds its request', async () => {
    const text = await failureOf({ baseUrl: 'https://host.example', fetch: leakyFetch })
    expect(text).toContain('refused Bearer [redacted]')
    expect(text).not.toContain(key)
  })

  test('a key of the environment', async () => {
    vi.stubEnv('DASHSCOPE_API_KEY', key)
    expect(await failureOf({ apiKey: undefined, baseUrl: 'http://127.0.0.1:1' })).not.toContain(key)
  })

  test('media bytes are shortened as well', async () => {
    const image = `data:image/png;base64,${'A'.repeat(5000)}`
    const server = await startRawServer(({ socket }) =>
      socket.end(whole(400, {}, bytes.refusal('InvalidParameter', `cannot read ${image}`))),
    )
    const { options, shown } = watched({ apiKey: key, baseUrl: server.url })
    const client = createClient({ transport: bytes.connect(options), model: 'kimi-k2.5' })
    const failure: unknown = await client
      .chat({ messages: [{ role: 'user', content: [{ type: 'image', image }] }] })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'invalid-request' })
    expect([failure, ...shown].map(seen).join('\n')).not.toContain('A'.repeat(200))
    await server.stop()
  })
})
