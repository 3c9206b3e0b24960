import { expect, test } from 'vitest'

import { scripted, type Answer } from '../../test/fake-transport.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { ChatEvent } from '../chat/event.ts'
import type { ChatRequest } from '../chat/request.ts'
import { createClient } from '../client.ts'
import { DualscopeError } from '../errors.ts'

const finish: ChatChunk = { finishReason: 'stop', rawFinishReason: 'stop' }
function reset() {
  return new DualscopeError('incomplete', 'cut')
}

function answering(...answers: readonly Answer[]) {
  const { transport, seen } = scripted(...answers)
  return { asked: seen.requests, client: createClient({ transport, model: 'kimi-k3' }) }
}

async function follow({ client }: ReturnType<typeof answering>, request: Partial<ChatRequest> = {}) {
  const stream = client.stream({ messages: [{ role: 'user', content: 'hi' }], ...request }, { resume: true })
  const events: ChatEvent[] = []
  for await (const event of stream) events.push(event)
  return { events, result: await stream.result() }
}

test('while only reasoning was shown the answer begins anew', async () => {
  const calls = answering(
    [{ id: '1', reasoning: 'old' }, reset()],
    [{ id: '2', reasoning: 'new' }, { text: 'Hi' }, finish],
  )
  const { events, result } = await follow(calls)
  expect(events.map(({ type }) => type)).toEqual([
    'reasoning-delta',
    'restart',
    'reasoning-delta',
    'text-delta',
    'finish',
  ])
  expect(result).toMatchObject({ id: '2', reasoning: 'new', text: 'Hi', message: { reasoning: 'new', content: 'Hi' } })
  expect(calls.asked[1]).toEqual(calls.asked[0])
})

test('a stream that ends early without an error is a cut too', async () => {
  const calls = answering([{ reasoning: 'old' }], [{ text: 'Hi' }, finish])
  expect((await follow(calls)).result).toMatchObject({ reasoning: '', text: 'Hi' })
})

test('a model with partial mode goes on from its text, without a seam', async () => {
  const calls = answering(
    [{ reasoning: 'hm' }, { text: 'Hel' }, reset()],
    [{ text: 'lo wor' }, reset()],
    [{ text: 'ld' }, finish],
  )
  const { events, result } = await follow(calls)
  expect(events.filter(({ type }) => type === 'restart')).toEqual([])
  expect(result).toMatchObject({ text: 'Hello world', reasoning: 'hm', finishReason: 'stop' })
  expect(calls.asked.map(({ messages }) => messages.at(-1))).toEqual([
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'Hel', reasoning: 'hm', partial: true },
    { role: 'assistant', content: 'Hello wor', reasoning: 'hm', partial: true },
  ])
})

test("the caller's own beginning of the answer stays its beginning", async () => {
  const calls = answering([{ text: 'b' }, reset()], [{ text: 'c' }, finish])
  const messages = [
    { role: 'user', content: 'hi' },
    { role: 'assistant', content: 'a', partial: true },
  ] as const
  expect((await follow(calls, { messages })).result.text).toBe('bc')
  expect(calls.asked[1]?.messages).toEqual([messages[0], { role: 'assistant', content: 'ab', partial: true }])
})

test('cumulative frames go on without a seam as well', async () => {
  const calls = answering(
    [{ text: 'H', cumulative: true }, { text: 'Hel', cumulative: true }, reset()],
    [
      { text: 'l', cumulative: true },
      { text: 'lo', cumulative: true },
      { ...finish, cumulative: true },
    ],
  )
  const { events, result } = await follow(calls)
  expect(result.text).toBe('Hello')
  expect(events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))).toEqual(['H', 'el', 'l', 'o'])
})

test.for<{ why: string; chunk: ChatChunk; request: Partial<ChatRequest> }>([
  { why: 'the model has no partial mode', chunk: { text: 'Hel' }, request: { model: 'kimi-k2.5' } },
  { why: 'the catalogue does not know the model', chunk: { text: 'Hel' }, request: { model: 'other' } },
  { why: 'a tool call has begun', chunk: { toolCalls: [{ index: 0, id: 'c', name: 't' }] }, request: {} },
  { why: 'tools are in play', chunk: { text: 'Hel' }, request: { tools: [{ name: 't', description: 'd' }] } },
])('the cut stays an error where $why', async ({ chunk, request }) => {
  const calls = answering([chunk, reset()], [finish])
  await expect(follow(calls, request)).rejects.toMatchObject({
    code: 'incomplete',
    partial: { text: chunk.text ?? '' },
  })
  expect(calls.asked).toHaveLength(1)
})

test('it goes on three times at most', async () => {
  const part = [{ reasoning: 'hm' }, reset()]
  const calls = answering(part, part, part, part, [finish])
  await expect(follow(calls)).rejects.toMatchObject({ code: 'incomplete', partial: { reasoning: 'hm' } })
  expect(calls.asked).toHaveLength(4)
})

test('a refusal or a timeout is not resumed', async () => {
  for (const code of ['timeout', 'content-inspection'] as const) {
    const calls = answering([{ reasoning: 'hm' }, new DualscopeError(code, 'x')], [finish])
    await expect(follow(calls)).rejects.toMatchObject({ code })
    expect(calls.asked).toHaveLength(1)
  }
})

test('without the option a cut is an error', async () => {
  const calls = answering([{ reasoning: 'hm' }, reset()], [finish])
  await expect(calls.client.stream('hi').result()).rejects.toMatchObject({ code: 'incomplete' })
  expect(calls.asked).toHaveLength(1)
})

test('chat() of a thinking model goes on as well', async () => {
  const calls = answering([{ reasoning: 'hm' }, reset()], [{ text: 'Hi' }, finish])
  expect(await calls.client.chat('hi', { resume: true })).toMatchObject({ text: 'Hi', reasoning: '' })
})
