import { afterEach, expect, test, vi } from 'vitest'

import type { ChatChunk } from '../chat/chunk.ts'
import type { Transport } from '../transport.ts'

const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
const frames = ['Hel', 'lo'].map((word) => `data: ${word}\n\n`).join('')

/** Everything anew, as in a process that has not streamed yet; what makes streams is loaded once the gate opens. */
async function untouched({ fails = false, answer = frames } = {}) {
  vi.resetModules()
  const gate = Promise.withResolvers<void>()
  vi.doMock('./streaming.ts', async (original) => {
    await gate.promise
    if (fails) throw new TypeError('Failed to fetch dynamically imported module')
    return original()
  })
  const { createClient } = await import('../client.ts')
  const { createTransport } = await import('../transport/create-transport.ts')
  const seen = { requests: 0, aborted: 0 }
  const transport = createTransport(
    {
      protocol: 'words',
      routes: () => ['/'],
      encodeRequest: () => ({ headers: {}, body: {}, unsupported: [] }),
      decodeResponse: () => ({ text: 'whole', finishReason: 'stop' }),
      decodeEvent: ({ data }) => ({ text: data, finishReason: data === 'lo' ? 'stop' : undefined }),
      decodeError: () => Promise.reject(new Error('not asked for')),
    },
    {
      apiKey: 'sk-test',
      baseUrl: 'http://localhost',
      retries: 0,
      async fetch(_url, init) {
        seen.requests += 1
        init?.signal?.addEventListener('abort', () => (seen.aborted += 1))
        return new Response(answer)
      },
    },
  )
  return { createClient, gate, seen, transport }
}

afterEach(() => {
  vi.doUnmock('./streaming.ts')
  vi.resetModules()
})

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
}

async function textOf(items: AsyncIterable<ChatChunk>): Promise<string> {
  let text = ''
  for await (const { text: piece = '' } of items) text += piece
  return text
}

test('the request goes out while what makes streams is loaded', async () => {
  const { createClient, gate, seen, transport } = await untouched()
  const result = createClient({ transport }).stream(request).result()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  gate.resolve()
  await expect(result).resolves.toMatchObject({ text: 'Hello' })
})

test('it does so for who reads the chunks of a transport', async () => {
  const { gate, seen, transport } = await untouched()
  const text = textOf(transport.stream(request))
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  gate.resolve()
  expect(await text).toBe('Hello')
  expect(seen.requests).toBe(1)
})

test('a fallback does so too', async () => {
  const { createClient, gate, seen, transport } = await untouched()
  const { fallback } = await import('../transport/fallback.ts')
  const result = createClient({ transport: fallback([transport]) })
    .stream(request)
    .result()
  // Its own stream reads the chunks of a transport, for which the part is needed; its request is not held up.
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  gate.resolve()
  await expect(result).resolves.toMatchObject({ text: 'Hello', protocol: 'words' })
  expect(seen.requests).toBe(1)
})

test('a fallback that is left meanwhile ends its request', async () => {
  const { createClient, gate, seen, transport } = await untouched()
  const { fallback } = await import('../transport/fallback.ts')
  const stream = createClient({ transport: fallback([transport]) }).stream(request)
  const events = stream[Symbol.asyncIterator]()
  const pending = events.next()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  await events.return?.()
  await vi.waitFor(() => expect(seen.aborted).toBe(1))
  gate.resolve()
  expect(await pending).toEqual({ done: true, value: undefined })
})

test('nothing is begun of a stream that was aborted or left before it could be opened', async () => {
  const { createClient, gate, seen, transport } = await untouched()
  const { fallback } = await import('../transport/fallback.ts')
  const log: string[] = []
  const own: Transport = {
    protocol: 'own',
    send: () => Promise.reject(new Error('not asked for')),
    async *stream() {
      log.push('sent')
      yield { text: 'Hello', finishReason: 'stop' }
    },
  }
  gate.resolve()
  for (const from of [own, fallback([own]), fallback([transport])]) {
    // The other one has to be validated first, which is loaded.
    for (const asked of [request, { ...request, seed: 1 }]) {
      const controller = new AbortController()
      const result = createClient({ transport: from }).stream(asked, { signal: controller.signal }).result()
      controller.abort()
      await expect(result).rejects.toThrow('aborted')
      const events = createClient({ transport: from }).stream(asked)[Symbol.asyncIterator]()
      void events.next()
      await events.return?.()
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(log).toEqual([])
  expect(seen.requests).toBe(0)
})

test('whatever was begun is closed, whenever the loop is left', async () => {
  const { createClient, gate } = await untouched()
  gate.resolve()
  for (let turns = 0; turns < 40; turns += 1) {
    const log: string[] = []
    const iterator: AsyncIterator<ChatChunk> = {
      next() {
        log.push('begun')
        return new Promise(() => {})
      },
      async return() {
        log.push('closed')
        return { done: true, value: undefined }
      },
    }
    const transport: Transport = {
      protocol: 'own',
      send: () => Promise.reject(new Error('not asked for')),
      stream: () => ({ [Symbol.asyncIterator]: () => iterator }),
    }
    const events = createClient({ transport }).stream(request)[Symbol.asyncIterator]()
    void events.next()
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    await events.return?.()
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(['', 'closed', 'begun closed'], `left after ${turns} turns`).toContain(log.join(' '))
  }
})

test("an iterator of one's own is closed once, and not once it is over; it may do without promises", async () => {
  const { createClient, gate } = await untouched()
  gate.resolve()
  const log: string[] = []
  const chunks = [{ text: 'Hel' }, { text: 'lo', finishReason: 'stop' }] as const
  function own(settle: <T>(value: T) => T | Promise<T>): Transport {
    const stream = () => {
      const left: ChatChunk[] = [...chunks]
      const over = { done: true, value: undefined } as const
      const iterator = {
        next() {
          const value = left.shift()
          return settle(value ? { done: false, value } : over)
        },
        return() {
          log.push('closed')
          return settle(over)
        },
      }
      return { [Symbol.asyncIterator]: () => iterator as AsyncIterator<ChatChunk> }
    }
    return { protocol: 'own', send: () => Promise.reject(new Error('not asked for')), stream }
  }
  for (const transport of [own(async (value) => value), own((value) => value)]) {
    const client = createClient({ transport })
    for await (const event of client.stream(request)) if (event.type === 'text-delta') break
    expect(log.splice(0)).toEqual(['closed'])
    for await (const event of client.stream(request)) if (event.type === 'finish') break
    expect(log).toEqual([])
    await expect(client.stream(request).result()).resolves.toMatchObject({ text: 'Hello' })
  }
})

test('a whole answer needs nothing of it', async () => {
  const { createClient, transport } = await untouched({ answer: '{}' })
  expect(await createClient({ transport }).chat(request)).toMatchObject({ text: 'whole' })
})

test('a stream that is left while it is loaded ends its request, and waits for nothing', async () => {
  const { createClient, gate, seen, transport } = await untouched()
  const stream = createClient({ transport }).stream(request)
  const events = stream[Symbol.asyncIterator]()
  const first = events.next()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  await events.return?.()
  expect(seen.aborted).toBe(1)
  gate.resolve()
  expect(await first).toEqual({ done: true, value: undefined })
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete' })
})

test('a loop that is left while it is loaded leaves the stream to who waits for its result', async () => {
  const { createClient, gate, transport } = await untouched()
  const stream = createClient({ transport }).stream(request)
  const events = stream[Symbol.asyncIterator]()
  const first = events.next()
  const result = stream.result()
  await events.return?.()
  gate.resolve()
  await expect(result).resolves.toMatchObject({ text: 'Hello' })
  expect(await first).toEqual({ done: true, value: undefined })
})

test.each([0, 1, 2, 3, 5, 8])(
  'calls that come while it becomes ready, %d turns on, keep their order',
  async (turns) => {
    const { createClient, gate, transport } = await untouched()
    gate.resolve()
    const client = createClient({ transport })
    await client.stream(request).result()
    const events = client.stream(request)[Symbol.asyncIterator]()
    const first = events.next()
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    const second = events.next()
    const steps = await Promise.all([first, second])
    expect(steps).toMatchObject([{ value: { delta: 'Hel' } }, { value: { delta: 'lo' } }])
  },
)

test('an abort while it is loaded leaves no clock running', async () => {
  const { createClient, gate, seen, transport } = await untouched({ answer: '{}' })
  const controller = new AbortController()
  const result = createClient({ transport }).stream(request, { signal: controller.signal }).result()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  await new Promise((resolve) => setTimeout(resolve, 10))
  const before = timers()
  controller.abort()
  gate.resolve()
  await expect(result).rejects.toMatchObject({ name: 'AbortError' })
  expect(timers()).toBeLessThan(before)
})

test('the chunks of a transport, left before the first pull, are never asked for', async () => {
  const { gate, seen, transport } = await untouched()
  gate.resolve()
  const chunks = transport.stream(request)[Symbol.asyncIterator]()
  const left = chunks.return?.()
  expect(await chunks.next()).toEqual({ done: true, value: undefined })
  expect(await left).toEqual({ done: true, value: undefined })
  expect(seen.requests).toBe(0)
})

test('a stream that is aborted before the first pull opens nothing', async () => {
  const { createClient, gate, transport } = await untouched()
  gate.resolve()
  const stream = vi.fn<Transport['stream']>(transport.stream)
  const answer = createClient({ transport: { ...transport, stream } }).stream(request, { signal: AbortSignal.abort() })
  await expect(answer.result()).rejects.toMatchObject({ name: 'AbortError' })
  expect(stream).not.toHaveBeenCalled()
})

test('a stream that is left before the first pull sends nothing', async () => {
  const { createClient, gate, seen, transport } = await untouched()
  gate.resolve()
  const stream = createClient({ transport }).stream(request)
  await stream[Symbol.asyncIterator]().return?.()
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete' })
  expect(seen.requests).toBe(0)
})

test('a loop that has not begun when the result is asked for still sees all', async () => {
  const { createClient, gate, transport } = await untouched()
  const stream = createClient({ transport }).stream(request)
  const events = stream[Symbol.asyncIterator]()
  const result = stream.result()
  gate.resolve()
  await result
  const types: string[] = []
  for (let step = await events.next(); !step.done; step = await events.next()) types.push(step.value.type)
  expect(types).toEqual(['text-delta', 'text-delta', 'finish'])
})

test('where it cannot be loaded, loop and result say so alike, and the request is ended', async () => {
  const { createClient, gate, seen, transport } = await untouched({ fails: true })
  gate.resolve()
  const stream = createClient({ transport }).stream(request)
  const failure: unknown = await stream[Symbol.asyncIterator]()
    .next()
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'configuration' })
  await expect(stream.result()).rejects.toBe(failure)
  expect(stream.snapshot().text).toBe('')
  expect(seen.aborted).toBe(seen.requests)
})
