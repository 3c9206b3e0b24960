import { expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'

import type { ChatChunk } from './chat/chunk.ts'
import type { CallOptions, TransportRequest } from './chat/request.ts'
import { createClient, type ClientOptions } from './client.ts'
import type { Transport } from './transport.ts'

/** Notes how it was asked, and answers "{}" unless it is told otherwise. */
function recorder(answer: ChatChunk = { text: '{}', finishReason: 'stop', rawFinishReason: 'stop' }) {
  const asked: { how: 'send' | 'stream'; request: TransportRequest }[] = []
  const transport: Transport = {
    protocol: 'test',
    async send(request) {
      asked.push({ how: 'send', request })
      return answer
    },
    async *stream(request) {
      asked.push({ how: 'stream', request })
      yield [answer]
    },
  }
  return { asked, client: createClient({ transport, model: 'kimi-k2.5' }) }
}

const messages = [{ role: 'user', content: 'hi' }] as const

test('a string is one user message to the model of the client', async () => {
  const { asked, client } = recorder()
  await client.chat('hi')
  expect(asked).toEqual([{ how: 'send', request: { messages, model: 'kimi-k2.5' } }])
})

test('chat() streams underneath where it is to be resumed: only a stream tells how far it came', async () => {
  const { asked, client } = recorder()
  await client.chat('hi', { resume: true })
  expect(asked.map(({ how }) => how)).toEqual(['stream'])
})

test('a whole answer without a finish reason is incomplete, and tells what it brought', async () => {
  const { client } = recorder({ text: 'Half' })
  await expect(client.chat('hi')).rejects.toMatchObject({ code: 'incomplete', partial: { text: 'Half' } })
})

test('an option of a client that does not exist is refused with the one that may be meant', () => {
  const transport: Transport = { protocol: 'test', send: async () => ({}), async *stream() {} }
  const create = (options: object) => () => createClient({ transport, ...options })
  expect(create({ modle: 'kimi-k2.5' })).toThrow('modle: unknown; did you mean model?')
  expect(create({ apiKey: 'sk-1' })).toThrow('apiKey: belongs in the options of the transport, such as compatible()')
  expect(create({ model: 5 })).toThrow('model: must be a string, got 5')
  expect(create({ model: undefined })).not.toThrow()
})

test('an answer that comes after an abort does not come out', async () => {
  const controller = new AbortController()
  const transport: Transport = {
    protocol: 'test',
    async send() {
      controller.abort()
      return { text: 'Late', finishReason: 'stop' }
    },
    async *stream() {},
  }
  const late = createClient({ transport, model: 'kimi-k2.5' }).chat('hi', { signal: controller.signal })
  await expect(late).rejects.toBe(controller.signal.reason)
})

test('stream().result() deep-equals chat()', async () => {
  const { client } = recorder()
  expect(await client.stream('hi').result()).toStrictEqual(await client.chat('hi'))
})

test('the type of the output follows from the request', async () => {
  const { client } = recorder()
  const plain = await client.chat('hi')
  expectTypeOf(plain.output).toEqualTypeOf<undefined>()
  const typed = client.chat({ messages, model: 'kimi-k2-thinking', output: z.object({ a: z.optional(z.number()) }) })
  expectTypeOf((await typed).output).toEqualTypeOf<{ a?: number | undefined }>()
  const json = await client.chat({ messages, model: 'kimi-k2-thinking', output: 'json' })
  expectTypeOf(json.output).toEqualTypeOf<unknown>()
})

test('a request without a model says where to give one', async () => {
  const { asked } = recorder()
  const transport: Transport = { protocol: 'test', send: () => Promise.reject(new Error()), stream: () => [] as never }
  await expect(createClient({ transport }).chat('hi')).rejects.toMatchObject({
    code: 'validation',
    message: expect.stringContaining('model: missing; pass one in the request, or once to createClient() or connect()'),
  })
  expect(asked).toEqual([])
})

test.each<[unknown, RegExp]>([
  [[{ role: 'user', content: 'hi' }], /^the request: must be .*, got a list; pass it as \{ messages \}$/],
  [undefined, /^the request: must be a text or an object with messages$/],
  [null, /^the request: must be a text or an object with messages$/],
])('the request %j is refused by chat() at once and by stream() with the first pull', async (request, message) => {
  const { asked, client } = recorder()
  await expect(client.chat(request as string)).rejects.toThrow(message)
  await expect(client.stream(request as string).result()).rejects.toThrow(message)
  expect(asked).toEqual([])
})

test.each<unknown>([null, 5, { signal: {} }, { signal: new AbortController() }, { signal: {}, resume: true }])(
  'the options %j are refused before anything else reads them',
  async (options) => {
    const { asked, client } = recorder()
    await expect(client.chat('hi', options as CallOptions)).rejects.toMatchObject({ code: 'validation' })
    await expect(client.stream('hi', options as CallOptions).result()).rejects.toMatchObject({ code: 'validation' })
    expect(asked).toEqual([])
  },
)

test('createClient() says that a factory in place of a transport must be called', () => {
  const options: object = { transport: recorder }
  expect(() => createClient(options as ClientOptions)).toThrow(
    /^transport: must be a transport, got a function; call it, such as createClient\(\{ transport: compatible\(\) \}\)$/,
  )
})

test.each([undefined, {}, { transport: 'compatible' }])('createClient(%j) says what is missing', (options) => {
  expect(() => createClient(options as { transport: Transport })).toThrow(
    /^transport: missing; pass one, such as createClient\(\{ transport: compatible\(\) \}\)$/,
  )
})
