import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, onTestFinished, test } from 'vitest'

import { connectionError } from '../http/connection-error.ts'
import { createTransport } from '../transport/create-transport.ts'
import { createRedirects } from './redirects.ts'
import { createClient } from '../client.ts'
import type { Codec } from '../codec.ts'

const codec: Codec = {
  protocol: 'plain',
  routes: () => ['/chat'],
  encodeRequest: () => ({ headers: {}, body: { words: 'Hello' }, unsupported: [] }),
  decodeResponse: () => ({ text: 'Hi', reasoning: '', finishReason: 'stop', toolCalls: [] }),
  decodeEvent: () => ({ text: '', reasoning: '', toolCalls: [] }),
  decodeError() {
    throw new Error('no refusal comes')
  },
}

/** A server that answers with these statuses, one after the other, and then with 200. */
async function serve(...statuses: readonly number[]) {
  const left = [...statuses]
  const bodies: string[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes: Buffer) => (body += bytes.toString()))
    request.on('end', () => {
      bodies.push(body)
      const status = left.shift() ?? 200
      response.writeHead(status, { location: `https://user:pass@elsewhere.test/${status}?token=1` })
      response.end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const ask = ({ fetch }: { fetch?: typeof globalThis.fetch } = {}) => {
    const transport = createTransport(codec, { apiKey: 'sk-test', baseUrl, retries: 0, ...(fetch ? { fetch } : {}) })
    return createClient({ transport, model: 'kimi-k2.5' })
  }
  return { ask, bodies }
}

const redirected = {
  code: 'connection',
  message: /redirects to https:\/\/elsewhere\.test; redirects are not followed$/,
}

test('a first answer that redirects is told after one request', async () => {
  const { ask, bodies } = await serve(307)
  await expect(ask().chat('Hello')).rejects.toMatchObject({
    ...redirected,
    message: expect.stringMatching(redirected.message),
  })
  expect(bodies).toHaveLength(1)
})

test('a redirect after other answers is asked once more where it points, and each later one at once', async () => {
  const { ask, bodies } = await serve(200, 302, 302, 308, 200, 301)
  const client = ask()
  const isRedirect = { ...redirected, message: expect.stringMatching(redirected.message) }
  await client.chat('Hello')
  await expect(client.chat('Hello')).rejects.toMatchObject(isRedirect)
  expect(bodies).toHaveLength(3)
  await expect(client.chat('Hello')).rejects.toMatchObject(isRedirect)
  await client.chat('Hello')
  await expect(client.chat('Hello')).rejects.toMatchObject(isRedirect)
  expect(bodies).toEqual(Array.from({ length: 6 }, () => '{"words":"Hello"}'))
})

test('a runtime that cannot fail at redirects is asked to once', async () => {
  const { ask, bodies } = await serve()
  const modes: unknown[] = []
  const client = ask({
    fetch: (input, init) => {
      modes.push(init?.redirect)
      // In these words Cloudflare's Workers refuse it.
      if (init?.redirect === 'error') throw new TypeError('Invalid redirect value, must be one of "follow" or "manual"')
      return fetch(input, init)
    },
  })
  for (let call = 0; call < 3; call += 1) await client.chat('Hello')
  expect(modes).toEqual(['manual', 'error', 'manual', 'manual'])
  expect(bodies).toHaveLength(3)
})

test('after any failure the next request would tell of a redirect', () => {
  const redirects = createRedirects()
  const failure = connectionError('Could not reach', new TypeError('Failed to fetch'))
  redirects.answered()
  expect(redirects.mode()).toBe('error')
  expect(redirects.failed('error', failure)).toBe(false)
  expect(redirects.mode()).toBe('manual')
  redirects.answered()
  expect(redirects.mode()).toBe('error')
})
