import { getEventListeners } from 'node:events'

import { compatible } from '@dualscope/compatible'
import { type CallOptions, createClient, DualscopeError, type RetryNotice, type Transport } from '@dualscope/core'
import { createMock, type MockOptions } from '@dualscope/testing'
import { Redis } from 'ioredis'
import { createClient as createNodeRedis } from 'redis'
import { expect, test, vi } from 'vitest'

import { hasRedis, startRedis } from '../test/redis-server.ts'
import { type LimitOptions, limited, type StoreNotice } from './index.ts'

function setup(limits: LimitOptions, mockOptions: MockOptions = {}) {
  const mock = createMock(mockOptions)
  const transport = limited(compatible({ apiKey: 'sk-secret', fetch: mock.fetch }), { key: 'sk-secret', ...limits })
  return { mock, client: createClient({ transport, model: 'kimi-k2.5' }) }
}

/** A transport whose calls last 20 ms and cost a number of tokens. */
function slowTransport(totalTokens = 10) {
  const seen = { now: 0, most: 0, starts: [] as number[], options: [] as (CallOptions | undefined)[] }
  const transport: Transport = {
    protocol: 'compatible',
    async send(_request, options) {
      seen.starts.push(performance.now())
      seen.options.push(options)
      seen.most = Math.max(seen.most, (seen.now += 1))
      await new Promise((resolve) => setTimeout(resolve, 20))
      seen.now -= 1
      const usage = { inputTokens: totalTokens, outputTokens: 0, totalTokens }
      return { text: 'Hi', finishReason: 'stop', rawFinishReason: 'stop', usage }
    },
    async *stream(request, options) {
      yield [await this.send(request, options)]
    },
  }
  return { transport, seen }
}

function startsWithin(starts: readonly number[], milliseconds: number): number {
  return starts.filter((start) => start - starts[0]! < milliseconds).length
}

const request = { messages: [{ role: 'user' as const, content: 'Hi' }], model: 'm' }
function many(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

test('a limit of requests spreads the calls over time', async () => {
  const { transport, seen } = slowTransport()
  // 310 a minute, less a reserve: 5 a second.
  const slow = limited(transport, { requestsPerMinute: 310 })
  await Promise.all(many(8).map(() => slow.send(request)))
  expect(seen.starts.at(-1)! - seen.starts[0]!).toBeGreaterThan(900)
  expect(startsWithin(seen.starts, 900)).toBe(5)
})

test('calls are answered although the limit of the service is unknown', async () => {
  // A minute of this service lasts 3 s.
  const { mock, client } = setup({ concurrency: 8 }, { now: () => Date.now() * 20, limits: { requestsPerMinute: 100 } })
  const answers = await Promise.all(many(150).map(() => client.chat('Hi')))
  expect(answers).toHaveLength(150)
  expect(mock.requests.length).toBeLessThan(190)
}, 30_000)

test('throttled calls fail at once with retries: 0', async () => {
  const { mock, client } = setup({ retries: 0 }, { limits: { requestsPerMinute: 1 } })
  await client.chat('Hi')
  await expect(client.chat('Hi')).rejects.toMatchObject({ code: 'rate-limit' })
  expect(mock.requests).toHaveLength(2)
})

test('concurrency bounds the calls at once, streams included', async () => {
  const { transport, seen } = slowTransport()
  const narrow = limited(transport, { concurrency: 3 })
  const drain = async () => {
    for await (const batch of narrow.stream(request)) expect(batch).toHaveLength(1)
  }
  await Promise.all([...many(6).map(() => narrow.send(request)), ...many(6).map(drain)])
  expect(seen.most).toBe(3)
})

test('a stream that is left frees its place', async () => {
  const narrow = limited(slowTransport().transport, { concurrency: 1 })
  for await (const batch of narrow.stream(request)) {
    expect(batch).toHaveLength(1)
    break
  }
  expect((await narrow.send(request, { totalTimeout: 1000 })).text).toBe('Hi')
})

test('real usage settles the estimate, so later calls wait for what the first ones used', async () => {
  const { transport, seen } = slowTransport(6000)
  const thirsty = limited(transport, { tokensPerMinute: 120_000 })
  // The estimate of the first call is about 800; what it used beyond that is paid by the next ones: 2,000 tokens a second.
  for (const _ of many(3)) await thirsty.send(request)
  expect(seen.starts[1]! - seen.starts[0]!).toBeGreaterThan(1500)
}, 15_000)

test('a call with more tokens than a window has still gets its turn', async () => {
  const { transport } = slowTransport()
  const small = limited(transport, { tokensPerMinute: 6000 })
  const long = { ...request, maxTokens: 250 }
  await small.send(long)
  expect((await small.send(long)).text).toBe('Hi')
}, 15_000)

test('waiting ends with the signal, totalTimeout and maxWait, each with its own error', async () => {
  const options = { requestsPerMinute: 1 }
  const { transport, seen } = slowTransport()
  const used = limited(transport, options)
  await used.send(request)
  const reason = new Error('enough')
  await expect(used.send(request, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 30)
  await expect(used.send(request, { signal: controller.signal })).rejects.toBe(reason)
  await expect(used.send(request, { totalTimeout: 30 })).rejects.toMatchObject({ code: 'timeout' })
  const impatient = limited(transport, { ...options, maxWait: 30 })
  await impatient.send(request)
  await expect(impatient.send(request)).rejects.toMatchObject({ code: 'rate-limit', message: /30 ms \(maxWait\)/ })
  expect(seen.starts).toHaveLength(2)
})

test('the queue is bounded and first come, first served', async () => {
  const order: number[] = []
  const { transport } = slowTransport()
  const narrow = limited(transport, { concurrency: 1, maxQueue: 3 })
  const calls = many(4).map((index) => narrow.send(request).then(() => order.push(index)))
  await expect(narrow.send(request)).rejects.toMatchObject({ code: 'rate-limit', message: /3 calls wait already/ })
  await Promise.all(calls)
  expect(order).toEqual([0, 1, 2, 3])
})

test('the queue is bounded without concurrency too', async () => {
  const { transport } = slowTransport()
  const used = limited(transport, { requestsPerMinute: 1, maxQueue: 2 })
  await used.send(request)
  const controller = new AbortController()
  const calls = many(3).map(() => used.send(request, { signal: controller.signal }))
  await expect(used.send(request)).rejects.toMatchObject({ code: 'rate-limit', message: /2 calls wait already/ })
  controller.abort(new Error('enough'))
  expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(many(3).map(() => 'rejected'))
})

test('100,000 calls can wait and leave in time, and leave no listener', async () => {
  const { signal } = new AbortController()
  const { transport } = slowTransport()
  const quick: Transport = { ...transport, send: () => Promise.resolve({ text: 'Hi', finishReason: 'stop' }) }
  const narrow = limited(quick, { concurrency: 1, maxQueue: 100_000 })
  await Promise.all(many(100_000).map(() => narrow.send(request, { signal })))
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
}, 30_000)

function rejectLater(): unknown {
  return Promise.reject(new Error('observer'))
}

test('a call that waits to be repeated leaves its place, and its retry is observed', async () => {
  const { mock, client } = setup({ concurrency: 1 })
  mock.use({ type: 'error', status: 503, code: 'ServiceUnavailable', message: 'Busy.', retryAfter: 1 })
  const order: string[] = []
  await Promise.all(
    ['One', 'Two'].map(async (text) => {
      await client.chat(text)
      order.push(text)
    }),
  )
  expect(order).toEqual(['Two', 'One'])
  const { transport } = slowTransport()
  let failures = 1
  const failing: Transport = {
    ...transport,
    send: (...call) =>
      failures-- > 0 ? Promise.reject(new DualscopeError('connection', 'Cut')) : transport.send(...call),
  }
  const notices: RetryNotice[] = []
  await limited(failing).send(request, { onRetry: (notice) => notices.push(notice) })
  expect(notices).toMatchObject([{ protocol: 'compatible', attempt: 1, error: { code: 'connection' } }])
  failures = 1
  const warning = vi.spyOn(console, 'warn').mockReturnValue()
  await limited(failing).send(request, { onRetry: rejectLater })
  expect(warning).toHaveBeenCalledOnce()
  warning.mockRestore()
})

test('a service that asks for more than a minute is not waited for', async () => {
  const { mock, client } = setup({})
  mock.use({ type: 'error', status: 503, code: 'ServiceUnavailable', message: 'Busy.', retryAfter: 3600 })
  await expect(client.chat('Hi', { totalTimeout: 5000 })).rejects.toMatchObject({ code: 'overloaded' })
})

test('a throttled answer stops the other calls also where no limits are set', async () => {
  const { mock, client } = setup({ concurrency: 2 })
  mock.use({ type: 'error', status: 429, code: 'Throttling.RateQuota', message: 'Slow down.', retryAfter: 1 })
  const start = performance.now()
  const first = client.chat('One')
  await expect.poll(() => mock.requests.length, { interval: 5 }).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await client.chat('Two')
  expect(performance.now() - start).toBeGreaterThan(950)
  expect((await first).text).toContain('One')
})

test('the total time of a call shrinks by its wait, and the transport makes no retries of its own', async () => {
  const { transport, seen } = slowTransport()
  const narrow = limited(transport, { concurrency: 1 })
  await Promise.all([narrow.send(request), narrow.send(request, { totalTimeout: 500 })])
  expect(seen.options[1]!.totalTimeout).toBeLessThan(490)
  expect(seen.options.map((options) => options?.retries)).toEqual([0, 0])
})

test('a throttled answer stops the other calls for the time that the service names', async () => {
  const { mock, client } = setup({ requestsPerMinute: 6000 })
  mock.use({ type: 'error', status: 429, code: 'Throttling.RateQuota', message: 'Slow down.', retryAfter: 1 })
  const start = performance.now()
  expect((await client.chat('One')).text).toContain('One')
  expect((await client.chat('Two')).text).toContain('Two')
  expect(performance.now() - start).toBeGreaterThan(950)
  expect(mock.requests).toHaveLength(3)
})

test('an error that is not temporary is thrown at once', async () => {
  const { mock, client } = setup({})
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'No.' })
  await expect(client.chat('Hi')).rejects.toMatchObject({ code: 'invalid-request' })
  expect(mock.requests).toHaveLength(1)
})

test('within the limits of the service nothing is throttled', async () => {
  const { mock, client } = setup(
    { requestsPerMinute: 600, tokensPerMinute: 60_000 },
    { limits: { requestsPerMinute: 600, tokensPerMinute: 60_000 } },
  )
  await Promise.all(
    many(30).map((index) => client.chat({ messages: [{ role: 'user', content: `${index}` }], maxTokens: 20 })),
  )
  expect(mock.requests).toHaveLength(30)
}, 20_000)

test.each([
  [{ requestPerMinute: 5 }, 'requestPerMinute: unknown; did you mean requestsPerMinute?'],
  [{ requestsPerMinute: 0 }, 'requestsPerMinute: '],
  [{ store: {} }, 'store: must be a client of ioredis or node-redis'],
])('limited(%j) is a configuration error', (options, message) => {
  expect(() => limited(slowTransport().transport, options as LimitOptions)).toThrow(message)
  expect(() => limited(slowTransport().transport, options as LimitOptions)).toThrow(DualscopeError)
})

test.runIf(hasRedis)(
  'two clients of one Redis share the limit, ioredis and node-redis alike',
  async () => {
    const server = await startRedis()
    const ioredis = new Redis(server.url)
    const nodeRedis = createNodeRedis({ url: server.url })
    await nodeRedis.connect()
    try {
      const { transport, seen } = slowTransport()
      const options = { requestsPerMinute: 310, tokensPerMinute: 1_000_000, key: 'sk-secret' }
      const one = limited(transport, { ...options, store: ioredis })
      const other = limited(transport, { ...options, store: nodeRedis })
      await Promise.all(many(8).map((index) => (index % 2 ? one : other).send(request)))
      expect(startsWithin(seen.starts, 900)).toBe(5)
      const keys = await ioredis.keys('*')
      expect(keys.length).toBeGreaterThan(0)
      expect(keys.join()).not.toContain('sk-secret')
    } finally {
      ioredis.disconnect()
      await nodeRedis.close()
      await server.close()
    }
  },
  20_000,
)

test.runIf(hasRedis)(
  'while Redis is away a share of the limit holds, and it is reported once each way',
  async () => {
    const server = await startRedis()
    const store = new Redis(server.url, { retryStrategy: () => 50 })
    store.on('error', () => undefined)
    try {
      const notices: StoreNotice[] = []
      const { transport, seen } = slowTransport()
      const options = {
        requestsPerMinute: 6200,
        fallbackShare: 0.05,
        store,
        onStore: (notice: StoreNotice) => notices.push(notice),
      }
      const shared = limited(transport, options)
      await shared.send(request)
      await server.kill()
      const before = seen.starts.length
      await Promise.all(many(8).map(() => shared.send(request)))
      // The share is 310 a minute.
      expect(startsWithin(seen.starts.slice(before), 900)).toBe(5)
      expect(notices.map(({ available }) => available)).toEqual([false])
      await server.start()
      await expect.poll(() => store.status, { timeout: 5000 }).toBe('ready')
      await new Promise((resolve) => setTimeout(resolve, 1000))
      await Promise.all(many(4).map(() => shared.send(request)))
      expect(notices.map(({ available }) => available)).toEqual([false, true])
    } finally {
      store.disconnect()
      await server.close()
    }
  },
  30_000,
)

test.runIf(hasRedis)(
  'a Redis that hangs holds up one call and not each',
  async () => {
    const server = await startRedis()
    const store = new Redis(server.url)
    try {
      const notices: StoreNotice[] = []
      const { transport, seen } = slowTransport()
      const options = { requestsPerMinute: 6200, tokensPerMinute: 10_000_000, store, fallbackShare: 1 }
      const shared = limited(transport, { ...options, onStore: (notice: StoreNotice) => notices.push(notice) })
      await shared.send(request)
      server.hang()
      const start = performance.now()
      for (const _ of many(8)) await shared.send(request)
      expect(performance.now() - start).toBeLessThan(2500)
      server.wake()
      await expect
        .poll(() => shared.send(request).then(() => notices.map(({ available }) => available)), { timeout: 5000 })
        .toEqual([false, true])
      expect(seen.starts.length).toBeGreaterThan(9)
    } finally {
      store.disconnect()
      await server.close()
    }
  },
  30_000,
)
