import { afterEach, expect, test, vi } from 'vitest'

import { createTransport } from './transport/create-transport.ts'
import type { Codec } from './codec.ts'

vi.mock('./engine/notices.ts', () => {
  throw new TypeError('Failed to fetch dynamically imported module')
})

afterEach(() => {
  vi.restoreAllMocks()
})

const fetch = async () => new Response('{}')

const codec: Codec = {
  protocol: 'test',
  routes: () => ['/'],
  encodeRequest: () => ({ headers: {}, body: {}, unsupported: [] }),
  decodeResponse: () => ({ text: 'Hello', finishReason: 'stop' }),
  decodeEvent: () => ({}),
  decodeError: () => Promise.reject(new Error('not asked for')),
}

test('a call goes on where what observers are told cannot be made, with a warning', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const onRequest = vi.fn<() => void>()
  const { send } = createTransport(codec, { apiKey: 'sk-test', baseUrl: 'http://localhost', fetch, onRequest })
  const chunk = await send({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] })
  expect(chunk).toMatchObject({ text: 'Hello' })
  expect(onRequest).not.toHaveBeenCalled()
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('not told'), expect.anything())
})
