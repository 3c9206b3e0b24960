import { expect, test, vi } from 'vitest'

import { collect } from '../../test/collect.ts'
import { scripted } from '../../test/fake-transport.ts'
import { wordCodec } from '../../test/word-codec.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { ChatEvent } from '../chat/event.ts'
import { createClient } from '../client.ts'
import type { Transport } from '../transport.ts'
import { createTransport } from '../transport/create-transport.ts'
import { fallback } from '../transport/fallback.ts'

const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
const chunks: readonly ChatChunk[] = [
  { id: 'a', reasoning: 'hm' },
  { text: 'Hel' },
  { text: 'lo' },
  { finishReason: 'stop', rawFinishReason: 'stop' },
]

function streamOf(...answer: readonly (ChatChunk | Error)[]) {
  const { transport, seen } = scripted(answer)
  return { stream: createClient({ transport }).stream(request), seen }
}

/** A transport whose events are words, over a `fetch` that counts its requests and aborts, and waits for the gate. */
function gated({ answer = 'data: Hel\n\ndata: lo\n\n', open = false } = {}) {
  const gate = Promise.withResolvers<void>()
  if (open) gate.resolve()
  const seen = { requests: 0, aborted: 0 }
  const transport = createTransport(
    {
      ...wordCodec,
      decodeEvent: ({ data }) => ({ text: data, finishReason: data === 'lo' ? 'stop' : undefined }),
    },
    {
      apiKey: 'sk-test',
      baseUrl: 'http://localhost',
      retries: 0,
      async fetch(input, init) {
        seen.requests += 1
        const signal = input instanceof Request ? input.signal : init?.signal
        signal?.addEventListener('abort', () => (seen.aborted += 1))
        await gate.promise
        return new Response(answer)
      },
    },
  )
  return { gate, seen, transport, client: createClient({ transport }) }
}

/** A transport whose iterator is written by hand. */
function handWritten(iterator: () => AsyncIterator<readonly ChatChunk[]>): Transport {
  return {
    protocol: 'own',
    send: () => Promise.reject(new Error('not expected')),
    stream: () => ({ [Symbol.asyncIterator]: iterator }),
  }
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
}

test('nothing is sent before the first pull', async () => {
  const { stream, seen } = streamOf(...chunks)
  expect(seen.opened).toBe(0)
  await stream.result()
  expect(seen.opened).toBe(1)
})

test('text() yields only the answer', async () => {
  expect(await collect(streamOf(...chunks).stream.text())).toEqual(['Hel', 'lo'])
})

test('leaving the loop closes the connection, and result() rejects with `incomplete`', async () => {
  const { stream, seen } = streamOf(...chunks)
  for await (const event of stream) if (event.type === 'text-delta') break
  expect(seen).toMatchObject({ pulled: 2, closed: 1, opened: 1 })
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete', partial: { text: 'Hel', reasoning: 'hm' } })
  expect(stream.snapshot()).toMatchObject({ text: 'Hel', finishReason: 'other' })
})

test('`await using` closes a stream that was not read to its end', async () => {
  const { stream, seen } = streamOf(...chunks)
  {
    await using disposed = stream
    await disposed[Symbol.asyncIterator]().next()
  }
  expect(seen.closed).toBe(1)
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete', partial: { reasoning: 'hm' } })
})

test('`await using` leaves a complete stream as it is', async () => {
  const { stream } = streamOf(...chunks)
  await collect(stream)
  await stream[Symbol.asyncDispose]()
  await expect(stream.result()).resolves.toMatchObject({ text: 'Hello' })
})

test('a second loop over a stream throws', async () => {
  const { stream } = streamOf(...chunks)
  await collect(stream)
  await expect(collect(stream)).rejects.toMatchObject({ code: 'validation' })
  await expect(collect(stream.text())).rejects.toMatchObject({ code: 'validation' })
})

test('an open loop sees every event, also while result() reads the rest', async () => {
  const { stream } = streamOf(...chunks)
  const [events, result] = await Promise.all([collect<ChatEvent>(stream), stream.result()])
  expect(events.map(({ type }) => type)).toEqual(['reasoning-delta', 'text-delta', 'text-delta', 'finish'])
  expect(result.text).toBe('Hello')
})

test('a loop that begins after result() was called sees every event', async () => {
  const { stream } = streamOf(...chunks)
  const events = stream[Symbol.asyncIterator]()
  await stream.result()
  const types: string[] = []
  for (let step = await events.next(); !step.done; step = await events.next()) types.push(step.value.type)
  expect(types).toEqual(['reasoning-delta', 'text-delta', 'text-delta', 'finish'])
})

test('leaving the loop does not end the stream for a caller that waits for the result', async () => {
  const { stream } = streamOf(...chunks)
  let result: Promise<{ text: string }> | undefined
  for await (const _ of stream) {
    result = stream.result()
    break
  }
  await expect(result).resolves.toMatchObject({ text: 'Hello' })
})

test('after a failure result() rejects with that same error', async () => {
  const failure = new Error('broken')
  const { stream } = streamOf(...chunks.slice(0, 2), failure)
  await expect(collect(stream)).rejects.toBe(failure)
  await expect(stream.result()).rejects.toBe(failure)
  await expect(stream.result()).rejects.toBe(failure)
  expect(stream.snapshot().text).toBe('Hel')
})

test('a stream that ends early is `incomplete`, with what had arrived', async () => {
  const { stream } = streamOf(...chunks.slice(0, 2))
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete', partial: { text: 'Hel' } })
})

test('snapshot() returns what has arrived so far', async () => {
  const { stream } = streamOf(...chunks)
  expect(stream.snapshot().text).toBe('')
  const seen: string[] = []
  for await (const _ of stream) seen.push(stream.snapshot().text)
  expect(seen).toEqual(['', 'Hel', 'Hello', 'Hello'])
})

test('an abort between two chunks of one batch ends the stream', async () => {
  const controller = new AbortController()
  const transport: Transport = {
    protocol: 'own',
    send: () => Promise.reject(new Error('not expected')),
    async *stream() {
      yield chunks
    },
  }
  const stream = createClient({ transport }).stream(request, { signal: controller.signal })
  const events: string[] = []
  const reading = (async () => {
    for await (const event of stream) {
      events.push(event.type)
      if (event.type === 'text-delta') controller.abort('enough')
    }
  })()
  await expect(reading).rejects.toBe('enough')
  expect(events).toEqual(['reasoning-delta', 'text-delta'])
  await expect(stream.result()).rejects.toBe('enough')
})

test('several calls of next() at once get each event once, in order', async () => {
  const events = streamOf(...chunks).stream[Symbol.asyncIterator]()
  const steps = await Promise.all(Array.from({ length: 5 }, () => events.next()))
  expect(steps.map(({ value }) => value?.type)).toEqual([
    'reasoning-delta',
    'text-delta',
    'text-delta',
    'finish',
    undefined,
  ])
})

test.each([0, 1, 2, 3, 5, 8])('calls of next() that are %d turns apart keep their order', async (turns) => {
  const { client } = gated({ open: true })
  const events = client.stream(request)[Symbol.asyncIterator]()
  const first = events.next()
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
  const second = events.next()
  const steps = await Promise.all([first, second])
  expect(steps).toMatchObject([{ value: { delta: 'Hel' } }, { value: { delta: 'lo' } }])
})

test('leaving a stream with a pull in flight aborts its request and ends the pull', async () => {
  const { client, seen } = gated()
  const stream = client.stream(request)
  const events = stream[Symbol.asyncIterator]()
  const pending = events.next()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  await events.return?.()
  expect(seen.aborted).toBe(1)
  expect(await pending).toEqual({ done: true, value: undefined })
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete' })
})

test('leaving a fallback with a pull in flight aborts its request and ends the pull', async () => {
  const { seen, transport } = gated()
  const stream = createClient({ transport: fallback([transport]) }).stream(request)
  const events = stream[Symbol.asyncIterator]()
  const pending = events.next()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  await events.return?.()
  await vi.waitFor(() => expect(seen.aborted).toBe(1))
  expect(await pending).toEqual({ done: true, value: undefined })
})

test('a pending pull ends when the loop is left, and result() still gets the answer', async () => {
  const { client, gate, seen } = gated()
  const stream = client.stream(request)
  const events = stream[Symbol.asyncIterator]()
  const first = events.next()
  const result = stream.result()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  await events.return?.()
  gate.resolve()
  await expect(result).resolves.toMatchObject({ text: 'Hello' })
  expect(await first).toEqual({ done: true, value: undefined })
})

test('nothing is sent by a stream that is aborted or left before its first pull', async () => {
  const { seen, transport } = gated({ open: true })
  const own = scripted([{ text: 'Hello', finishReason: 'stop' }])
  for (const source of [own.transport, fallback([own.transport]), transport, fallback([transport])]) {
    const client = createClient({ transport: source })
    const aborted = client.stream(request, { signal: AbortSignal.abort() })
    await expect(aborted.result()).rejects.toMatchObject({ name: 'AbortError' })
    const left = client.stream(request)
    await left[Symbol.asyncIterator]().return?.()
    await expect(left.result()).rejects.toMatchObject({ code: 'incomplete' })
  }
  expect(own.seen.opened).toBe(0)
  expect(seen.requests).toBe(0)
})

test('the batches of a transport, left before the first pull, are never requested', async () => {
  const { seen, transport } = gated({ open: true })
  const batches = transport.stream(request)[Symbol.asyncIterator]()
  const left = batches.return?.()
  expect(await batches.next()).toEqual({ done: true, value: undefined })
  expect(await left).toEqual({ done: true, value: undefined })
  expect(seen.requests).toBe(0)
})

test('an abort while the response is awaited leaves no timer', async () => {
  const { client, seen } = gated()
  const controller = new AbortController()
  const result = client.stream(request, { signal: controller.signal }).result()
  await vi.waitFor(() => expect(seen.requests).toBe(1))
  const before = timers()
  controller.abort()
  await expect(result).rejects.toMatchObject({ name: 'AbortError' })
  expect(timers()).toBeLessThan(before)
})

test('a source that was opened is closed, whenever the loop is left', async () => {
  for (let turns = 0; turns < 40; turns += 1) {
    const log: string[] = []
    const transport = handWritten(() => ({
      next() {
        log.push('opened')
        return new Promise(() => {})
      },
      async return() {
        log.push('closed')
        return { done: true, value: undefined }
      },
    }))
    const events = createClient({ transport }).stream(request)[Symbol.asyncIterator]()
    void events.next()
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve()
    await events.return?.()
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(['', 'opened closed'], `left after ${turns} turns`).toContain(log.join(' '))
  }
})

test.each([
  ['with promises', async <T>(value: T) => value],
  ['without promises', <T>(value: T) => value],
])('a hand-written iterator %s is closed once, and not after its end', async (_, settle) => {
  const log: string[] = []
  const over = { done: true, value: undefined } as const
  const transport = handWritten(() => {
    const left: ChatChunk[] = [{ text: 'Hel' }, { text: 'lo', finishReason: 'stop' }]
    const iterator = {
      next() {
        const chunk = left.shift()
        return settle(chunk ? { done: false, value: [chunk] } : over)
      },
      return() {
        log.push('closed')
        return settle(over)
      },
    }
    return iterator as AsyncIterator<readonly ChatChunk[]>
  })
  const client = createClient({ transport })
  for await (const event of client.stream(request)) if (event.type === 'text-delta') break
  expect(log.splice(0)).toEqual(['closed'])
  for await (const event of client.stream(request)) if (event.type === 'finish') break
  expect(log).toEqual([])
  await expect(client.stream(request).result()).resolves.toMatchObject({ text: 'Hello' })
})
