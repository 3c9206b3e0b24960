import { expect, test } from 'vitest'

import type { ChatChunk } from '../chat/chunk.ts'
import type { CallOptions } from '../chat/request.ts'
import { createClient } from '../client.ts'
import { ApiError, DualscopeError, type ErrorCode } from '../errors.ts'
import type { Transport } from '../transport.ts'
import { fallback, type FallbackOptions } from './fallback.ts'

const finish: ChatChunk = { finishReason: 'stop', rawFinishReason: 'stop' }

/** A transport that gives chunks, then fails if it has an error; it notes the options of each call. */
function scripted(protocol: string, chunks: readonly ChatChunk[], error?: unknown) {
  const asked: CallOptions[] = []
  const transport: Transport = {
    protocol,
    async send(_, options = {}) {
      asked.push(options)
      if (error !== undefined) throw error
      return Object.assign({}, ...chunks) as ChatChunk
    },
    async *stream(_, options = {}) {
      asked.push(options)
      for (const chunk of chunks) yield [chunk]
      if (error !== undefined) throw error
    },
  }
  return { transport, asked }
}

function refusal(code: ErrorCode, retryable: boolean) {
  return new ApiError({
    code,
    message: code,
    status: 400,
    serviceCode: undefined,
    requestId: undefined,
    protocol: 'a',
    retryable,
  })
}

function good() {
  return scripted('b', [{ text: 'Hello' }, finish])
}

test.for([
  new DualscopeError('connection', 'x'),
  new DualscopeError('timeout', 'x'),
  new DualscopeError('unsupported', 'x'),
  refusal('overloaded', true),
  refusal('server', true),
  refusal('rate-limit', true),
])('the next transport answers after $code', async (error) => {
  const second = good()
  const client = createClient({
    transport: fallback([scripted('a', [], error).transport, second.transport]),
    model: 'm',
  })
  expect(await client.chat('hi')).toMatchObject({ text: 'Hello', protocol: 'b' })
  expect(await client.stream('hi').result()).toMatchObject({ text: 'Hello', protocol: 'b' })
  expect(second.asked).toHaveLength(2)
})

test.for([
  refusal('invalid-request', false),
  refusal('authentication', false),
  refusal('billing', false),
  new DualscopeError('validation', 'x'),
  new DualscopeError('configuration', 'x'),
  new DualscopeError('protocol', 'x'),
  new TypeError('x'),
])('the next transport is not asked after $code $name', async (error) => {
  const second = good()
  const client = createClient({
    transport: fallback([scripted('a', [], error).transport, second.transport]),
    model: 'm',
  })
  await expect(client.chat('hi')).rejects.toBe(error)
  await expect(client.stream('hi').result()).rejects.toBe(error)
  expect(second.asked).toHaveLength(0)
})

test('after the first chunk the next transport is not asked', async () => {
  const error = new DualscopeError('timeout', 'x')
  const second = good()
  const transport = fallback([scripted('a', [{ text: 'Hel' }], error).transport, second.transport])
  await expect(createClient({ transport, model: 'm' }).stream('hi').result()).rejects.toBe(error)
  expect(error.partial).toMatchObject({ text: 'Hel', protocol: 'a' })
  expect(second.asked).toHaveLength(0)
})

test('`when` decides otherwise, and sees every failure', async () => {
  const seen: unknown[] = []
  const error = refusal('authentication', false)
  const when = (failure: unknown) => seen.push(failure) > 0
  const transport = fallback([scripted('a', [], error).transport, good().transport], { when })
  expect(await createClient({ transport, model: 'm' }).chat('hi')).toMatchObject({ protocol: 'b' })
  expect(seen).toEqual([error])
})

test('when all fail, the last error that tells more than `unsupported` is thrown', async () => {
  const unsupported = scripted('a', [], new DualscopeError('unsupported', 'x')).transport
  const busy = refusal('overloaded', true)
  for (const order of [
    [unsupported, scripted('b', [], busy).transport],
    [scripted('b', [], busy).transport, unsupported],
  ]) {
    await expect(createClient({ transport: fallback(order), model: 'm' }).chat('hi')).rejects.toBe(busy)
  }
  await expect(createClient({ transport: fallback([unsupported]), model: 'm' }).chat('hi')).rejects.toMatchObject({
    code: 'unsupported',
  })
})

test('without transports every call is a `configuration` error', async () => {
  await expect(createClient({ transport: fallback([]), model: 'm' }).chat('hi')).rejects.toMatchObject({
    code: 'configuration',
  })
})

test('an abort ends it, whatever `when` says', async () => {
  const controller = new AbortController()
  const second = good()
  const waiting: Transport = {
    protocol: 'a',
    send: () => Promise.reject(new Error('not asked for')),
    stream: (_, { signal } = {}) => ({
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      }),
    }),
  }
  const transport = fallback([waiting, second.transport], { when: () => true })
  const stream = createClient({ transport, model: 'm' }).stream('hi', { signal: controller.signal })
  const result = stream.result()
  setTimeout(() => controller.abort('enough'), 10)
  await expect(result).rejects.toBe('enough')
  expect(second.asked).toHaveLength(0)
})

test('the total time of a call counts for all transports together', async () => {
  const slow: Transport = {
    protocol: 'a',
    stream: () => [] as never,
    async send() {
      await new Promise((resolve) => setTimeout(resolve, 60))
      throw new DualscopeError('connection', 'x')
    },
  }
  const second = scripted('b', [], new DualscopeError('connection', 'y'))
  const send = (totalTimeout: number) =>
    fallback([slow, second.transport]).send({ messages: [], model: 'm' }, { totalTimeout })
  await expect(send(10_000)).rejects.toThrow('y')
  expect(second.asked[0]?.totalTimeout).toBeLessThanOrEqual(9950)
  await expect(send(30)).rejects.toThrow('x')
  expect(second.asked).toHaveLength(1)
})

test('transports nest, and the one that answered is named', async () => {
  const inner = fallback([scripted('a', [], new DualscopeError('connection', 'x')).transport, good().transport])
  const outer = fallback([inner])
  expect(outer.protocol).toBe('a,b')
  expect(await createClient({ transport: outer, model: 'm' }).stream('hi').result()).toMatchObject({ protocol: 'b' })
})

test.each([
  [undefined, {}, 'fallback: must be a list of transports, such as [compatible(), dashscope()]'],
  [[undefined], {}, 'fallback: must be a list of transports, such as [compatible(), dashscope()]'],
  [[good().transport], { wen: true }, 'wen: unknown; did you mean when?'],
])('a fallback over %j with %j is refused at once', (transports, options, message) => {
  expect(() => fallback(transports as Transport[], options as FallbackOptions)).toThrow(
    expect.objectContaining({ code: 'configuration', message }),
  )
})

test('a decision that is a promise is refused: it would always count as yes', async () => {
  const first = scripted('a', [], new DualscopeError('connection', 'x'))
  const options: object = { when: async () => false }
  const transport = fallback([first.transport, good().transport], options)
  const client = createClient({ transport, model: 'm' })
  await expect(client.chat('hi')).rejects.toMatchObject({ code: 'configuration' })
})
