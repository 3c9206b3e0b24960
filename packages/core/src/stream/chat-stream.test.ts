import { expect, test } from 'vitest'

import type { ChatChunk } from '../chat/chunk.ts'
import { createClient } from '../client.ts'
import type { ChatEvent } from '../chat/event.ts'
import type { Transport } from '../transport.ts'

const chunks: readonly ChatChunk[] = [
  { id: 'a', reasoning: 'hm' },
  { text: 'Hel' },
  { text: 'lo' },
  { finishReason: 'stop', rawFinishReason: 'stop' },
]

/** A client on a transport of the test's own, which tells how far it was pulled and whether it was closed. */
function clientOf(source: readonly ChatChunk[], failure?: Error) {
  const seen = { pulled: 0, closed: false, opened: 0 }
  const transport: Transport = {
    protocol: 'test',
    send: () => Promise.reject(new Error('not asked for')),
    async *stream() {
      seen.opened += 1
      try {
        for (const chunk of source) {
          seen.pulled += 1
          yield chunk
        }
        if (failure) throw failure
      } finally {
        seen.closed = true
      }
    },
  }
  return { client: createClient({ transport, model: 'm' }), seen }
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

test('nothing is sent before the first pull', async () => {
  const { client, seen } = clientOf(chunks)
  const stream = client.stream('hi')
  expect(seen.opened).toBe(0)
  await stream.result()
  expect(seen.opened).toBe(1)
})

test('text() gives the answer alone', async () => {
  expect(await collect(clientOf(chunks).client.stream('hi').text())).toEqual(['Hel', 'lo'])
})

test('leaving the loop closes the connection, and result() then says that the answer is incomplete', async () => {
  const { client, seen } = clientOf(chunks)
  const stream = client.stream('hi')
  for await (const event of stream) if (event.type === 'text-delta') break
  expect(seen).toEqual({ pulled: 2, closed: true, opened: 1 })
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete', partial: { text: 'Hel', reasoning: 'hm' } })
  expect(stream.snapshot()).toMatchObject({ text: 'Hel', finishReason: 'other' })
})

test('a second loop throws', async () => {
  const stream = clientOf(chunks).client.stream('hi')
  await collect(stream)
  await expect(collect(stream)).rejects.toMatchObject({ code: 'validation' })
  await expect(collect(stream.text())).rejects.toMatchObject({ code: 'validation' })
})

test('an open loop sees every event, also while result() takes the rest', async () => {
  const stream = clientOf(chunks).client.stream('hi')
  const [events, result] = await Promise.all([collect<ChatEvent>(stream), stream.result()])
  expect(events.map(({ type }) => type)).toEqual(['reasoning-delta', 'text-delta', 'text-delta', 'finish'])
  expect(result.text).toBe('Hello')
})

test('a loop that is left while somebody waits for the result leaves the stream to them', async () => {
  const stream = clientOf(chunks).client.stream('hi')
  let result: Promise<{ text: string }> | undefined
  for await (const _ of stream) {
    result = stream.result()
    break
  }
  await expect(result).resolves.toMatchObject({ text: 'Hello' })
})

test('after a failure result() rejects with that same error', async () => {
  const failure = new Error('broken')
  const stream = clientOf(chunks.slice(0, 2), failure).client.stream('hi')
  await expect(collect(stream)).rejects.toBe(failure)
  await expect(stream.result()).rejects.toBe(failure)
  await expect(stream.result()).rejects.toBe(failure)
  expect(stream.snapshot().text).toBe('Hel')
})

test('a stream that ends early is incomplete, with what had come', async () => {
  const stream = clientOf(chunks.slice(0, 2)).client.stream('hi')
  await expect(stream.result()).rejects.toMatchObject({ code: 'incomplete', partial: { text: 'Hel' } })
})

test('snapshot() tells what has come so far', async () => {
  const stream = clientOf(chunks).client.stream('hi')
  expect(stream.snapshot().text).toBe('')
  const seen: string[] = []
  for await (const _ of stream) seen.push(stream.snapshot().text)
  expect(seen).toEqual(['', 'Hel', 'Hello', 'Hello'])
})
