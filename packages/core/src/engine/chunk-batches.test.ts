import { expect, test } from 'vitest'

import type { OpenCall } from '../transport/call.ts'
import { chunkBatches } from './chunk-batches.ts'
import { createClient } from '../client.ts'
import type { Codec } from '../codec.ts'
import { createTransport } from '../transport/create-transport.ts'
import { DualscopeError } from '../errors.ts'

const key = 'sk-0123456789abcdef'

/** A protocol whose events are words, and "no" a refusal. */
const words = (decodeError: Codec['decodeError']): Codec => ({
  protocol: 'words',
  routes: () => ['/'],
  encodeRequest: () => ({ headers: {}, body: {}, unsupported: [] }),
  decodeResponse: () => ({ text: 'whole', finishReason: 'stop' }),
  decodeEvent: ({ data }) => (data === 'no' ? { refusal: { status: undefined, body: data } } : { text: data }),
  decodeError,
})

async function fetch(): Promise<Response> {
  return new Response('data: one\n\ndata: no\n\ndata: two\n\n', { headers: { 'content-type': 'text/event-stream' } })
}

const connect = (codec: Codec) =>
  createTransport(codec, { apiKey: key, baseUrl: 'http://localhost', retries: 0, fetch })
const ask = (codec: Codec) => createClient({ transport: connect(codec), model: 'm' }).stream('hi')

test('a refusal after the first chunk ends the stream once the chunks before it are out', async () => {
  const stream = ask(
    words(() => ({
      code: 'server',
      status: 500,
      serviceCode: 'Broken',
      message: 'It broke',
      requestId: undefined,
      retryable: true,
    })),
  )
  const seen: unknown[] = []
  const reading = (async () => {
    for await (const event of stream) seen.push(event)
  })()
  await expect(reading).rejects.toMatchObject({ code: 'server', serviceCode: 'Broken', partial: { text: 'one' } })
  expect(seen).toEqual([{ type: 'text-delta', delta: 'one' }])
})

test('a refusal that nobody can explain ends the stream with what stood in the way, without the key', async () => {
  const stream = ask(
    words(() => Promise.reject(new DualscopeError('configuration', `no part explains what was said to ${key}`))),
  )
  const failure = await stream.result().catch((error: unknown) => error)
  expect(failure).toMatchObject({
    code: 'configuration',
    message: 'no part explains what was said to [redacted]',
    partial: { text: 'one' },
  })
  await expect(stream.result()).rejects.toBe(failure)
})

test('whoever asks a transport for several chunks at once gets each once, in their order', async () => {
  const { stream } = connect(words(() => Promise.reject(new Error('not asked for'))))
  const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
  const chunks = stream(request)[Symbol.asyncIterator]()
  const first = chunks.next()
  const second = chunks.next()
  expect(await first).toMatchObject({ done: false, value: { text: 'one' } })
  await expect(second).rejects.toThrow('not asked for')
  expect(await chunks.next()).toEqual({ done: true, value: undefined })
})

test('a call does not hold the chunks of its first batch once they are passed on', async () => {
  const chunk = { text: 'one' }
  const call: OpenCall = {
    first: { chunks: [chunk], refusal: undefined, failure: undefined },
    rest: undefined,
    explain: async ({ failure }) => failure?.error,
    close: async () => {},
  }
  const read = chunkBatches({ begin: async () => call, close: call.close }).reads<unknown>({
    take: (items) => items,
    end: () => 'end',
    fail: (error) => error,
  })
  const items = await read()
  expect(items).toEqual([chunk])
  expect(call.first.chunks).toEqual([])
  expect(await read()).toBe('end')
})
