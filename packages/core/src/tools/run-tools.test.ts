import { expect, expectTypeOf, test, vi } from 'vitest'
import * as z from 'zod'

import { scripted, type Answer } from '../../test/fake-transport.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { ToolLoopEvent } from '../chat/event.ts'
import type { Message, ToolCall } from '../chat/message.ts'
import type { Usage } from '../chat/result.ts'
import type { Tool } from '../chat/tool.ts'
import { createClient } from '../client.ts'
import type { Transport } from '../transport.ts'
import { runTools } from './run-tools.ts'

const user: Message = { role: 'user', content: 'hi' }
const usage = { inputTokens: 10, outputTokens: 2, totalTokens: 12 }

function calling(...toolCalls: readonly ToolCall[]): ChatChunk[] {
  return [
    { reasoning: 'hm' },
    { toolCalls: toolCalls.map((call, index) => ({ index, ...call })), finishReason: 'tool-calls', usage },
  ]
}

function call(name: string, text = '', id = `functions.${name}:0`): ToolCall {
  return { id, name, arguments: text }
}

const answer: readonly ChatChunk[] = [
  { text: 'done' },
  { finishReason: 'stop', rawFinishReason: 'stop', usage: { ...usage, reasoningTokens: 3 } },
]

function clientOf(...answers: readonly Answer[]) {
  const { transport, seen } = scripted(...answers)
  return { client: createClient({ transport, model: 'kimi-k2-thinking' }), asked: seen.requests }
}

function tool(name: string, execute?: Tool['execute']): Tool {
  return { name, description: name, ...(execute ? { execute } : {}) }
}

test('it asks, runs the tools, and asks again until the model answers', async () => {
  const { client, asked } = clientOf(calling(call('a'), call('b')), calling(call('c')), answer)
  const tools = ['a', 'b', 'c'].map((name) => tool(name, () => `${name}!`))
  const events: ToolLoopEvent[] = []
  const messages: readonly Message[] = Object.freeze([user])
  const loop = runTools(client, { messages, tools })
  for await (const event of loop) events.push(event)
  const result = await loop.result()

  const step = ['reasoning-delta', 'tool-call-start', 'tool-call-start', 'tool-call-end', 'tool-call-end', 'finish']
  expect(events.map(({ type }) => type)).toEqual([
    ...step,
    'tool-result',
    'tool-result',
    'step-end',
    ...step.filter((_, index) => index !== 2 && index !== 4),
    'tool-result',
    'step-end',
    'text-delta',
    'finish',
    'step-end',
  ])
  expect(events.filter(({ type }) => type === 'step-end')).toEqual(
    [1, 2, 3].map((n) => ({ type: 'step-end', step: n })),
  )
  expect(result.messages).toEqual([
    user,
    { role: 'assistant', content: '', reasoning: 'hm', toolCalls: [call('a'), call('b')] },
    { role: 'tool', toolCallId: 'functions.a:0', content: 'a!' },
    { role: 'tool', toolCallId: 'functions.b:0', content: 'b!' },
    { role: 'assistant', content: '', reasoning: 'hm', toolCalls: [call('c')] },
    { role: 'tool', toolCallId: 'functions.c:0', content: 'c!' },
    { role: 'assistant', content: 'done' },
  ])
  expect(result).toMatchObject({ text: 'done', finishReason: 'stop', steps: 3 })
  expect(result.usage).toEqual({ inputTokens: 30, outputTokens: 6, totalTokens: 36, reasoningTokens: 3 })
  expect(asked.map((request) => request.messages.length)).toEqual([1, 4, 6])
  for (const request of asked) expect(request.tools).toEqual(tools)
})

test.each<[string, Partial<Usage>, Partial<Usage>, Usage['cacheType']]>([
  [
    'a write, then a hit',
    { cacheWriteTokens: 8, cacheType: 'explicit' },
    { cachedTokens: 8, cacheType: 'explicit' },
    'explicit',
  ],
  ['a hit of a mark beside no hit', { cachedTokens: 8, cacheType: 'explicit' }, { cachedTokens: 0 }, 'explicit'],
  ['hits of both caches', { cachedTokens: 8, cacheType: 'explicit' }, { cachedTokens: 8 }, 'implicit'],
  ['hits that nothing explains', { cachedTokens: 8 }, { cachedTokens: 8 }, undefined],
])('the usage of a loop names its cache: %s', async (_, first, second, cacheType) => {
  const { client } = clientOf(
    [{ toolCalls: [{ index: 0, ...call('now') }], finishReason: 'tool-calls', usage: { ...usage, ...first } }],
    [{ text: 'done', finishReason: 'stop', usage: { ...usage, ...second } }],
  )
  const result = await runTools(client, { messages: [user], tools: [tool('now', () => '12:00')] }).result()
  expect(result.usage?.cacheType).toBe(cacheType)
  expect(result.usage?.cachedTokens).toBe((first.cachedTokens ?? 0) + (second.cachedTokens ?? 0))
})

test('nothing is sent before the first pull, and result() needs no loop', async () => {
  const { client, asked } = clientOf(calling(call('now')), answer)
  const loop = runTools(client, { messages: [user], tools: [tool('now', () => '12:00')] })
  await Promise.resolve()
  expect(asked).toEqual([])
  expect(await loop.result()).toMatchObject({ text: 'done', steps: 2 })
  expect(() => loop[Symbol.asyncIterator]()).toThrow(expect.objectContaining({ code: 'validation' }))
})

test('the calls of a step run side by side, and their results go back in the order of the calls', async () => {
  const first = Promise.withResolvers<string>()
  const slow = tool('slow', () => first.promise)
  const fast = tool('fast', () => {
    first.resolve('slow')
    return 'fast'
  })
  const { client } = clientOf(calling(call('slow'), call('fast')), answer)
  const { messages } = await runTools(client, { messages: [user], tools: [slow, fast] }).result()
  expect(messages.filter(({ role }) => role === 'tool').map(({ content }) => content)).toEqual(['slow', 'fast'])
})

test('a tool that fails answers the model with the error, and the loop goes on', async () => {
  const failure = new Error('the station is offline')
  const { client, asked } = clientOf(calling(call('it')), answer)
  const loop = runTools(client, { messages: [user], tools: [tool('it', () => Promise.reject(failure))] })
  const results: ToolLoopEvent[] = []
  for await (const event of loop) if (event.type === 'tool-result') results.push(event)
  expect(results).toEqual([
    { type: 'tool-result', toolCall: call('it'), content: 'the station is offline', error: failure },
  ])
  expect(asked[1]?.messages.at(-1)).toEqual({
    role: 'tool',
    toolCallId: 'functions.it:0',
    content: 'the station is offline',
  })
  expect(await loop.result()).toMatchObject({ text: 'done', steps: 2 })
})

test('the last answer may be asked for as data', async () => {
  const { client } = clientOf(calling(call('it')), [{ text: '{"n":1}', finishReason: 'stop' }])
  const request = { messages: [user], tools: [tool('it', () => 'ok')], output: z.object({ n: z.number() }) }
  const { output } = await runTools(client, request).result()
  expectTypeOf(output).toEqualTypeOf<{ n: number }>()
  expect(output).toEqual({ n: 1 })
})

test('after maxSteps it returns with the calls open and not run', async () => {
  const execute = vi.fn<() => string>(() => 'more')
  const { client, asked } = clientOf(calling(call('again')))
  const { client: other, asked: otherAsked } = clientOf(calling(call('again')))
  const request = { messages: [user], tools: [tool('again', execute)] }
  const result = await runTools(client, request, { maxSteps: 2 }).result()
  expect(result).toMatchObject({ finishReason: 'tool-calls', steps: 2, toolCalls: [call('again')] })
  expect(result.messages.at(-1)).toEqual(result.message)
  expect([asked.length, execute.mock.calls.length]).toEqual([2, 1])
  await runTools(other, request).result()
  expect(otherAsked).toHaveLength(10)
})

test('a call of a tool without execute ends the loop before any call of the step has run', async () => {
  const execute = vi.fn<() => string>(() => 'ran')
  const { client } = clientOf(calling(call('mine'), call('yours')), answer)
  const result = await runTools(client, { messages: [user], tools: [tool('mine', execute), tool('yours')] }).result()
  expect(result).toMatchObject({ finishReason: 'tool-calls', steps: 1 })
  expect(result.toolCalls).toHaveLength(2)
  expect(execute).not.toHaveBeenCalled()
})

test('the calls of an answer that was cut are not run', async () => {
  const execute = vi.fn<() => string>(() => 'ran')
  const { client } = clientOf([{ toolCalls: [{ index: 0, ...call('it') }], finishReason: 'length' }])
  const result = await runTools(client, { messages: [user], tools: [tool('it', execute)] }).result()
  expect(result).toMatchObject({ finishReason: 'length', steps: 1 })
  expect(execute).not.toHaveBeenCalled()
})

test('a forced choice holds for the first step', async () => {
  for (const toolChoice of ['required', { name: 'it' }, 'auto', 'none'] as const) {
    const { client, asked } = clientOf(calling(call('it')), answer)
    await runTools(client, { messages: [user], tools: [tool('it', () => 'ok')], toolChoice }).result()
    const forced = toolChoice !== 'auto' && toolChoice !== 'none'
    expect(asked.map((request) => request.toolChoice)).toEqual([toolChoice, forced ? undefined : toolChoice])
  }
})

test('an abort reaches the tools, and rejects with its reason though a tool takes no notice', async () => {
  const abort = new AbortController()
  const reason = new Error('enough')
  const seen: unknown[] = []
  const deaf = tool('deaf', (_, { signal }) => {
    signal.addEventListener('abort', () => seen.push(signal.reason))
    setTimeout(() => abort.abort(reason), 5)
    return new Promise(() => {})
  })
  const { client, asked } = clientOf(calling(call('deaf')), answer)
  const loop = runTools(client, { messages: [user], tools: [deaf] }, { signal: abort.signal })
  await expect(loop.result()).rejects.toBe(reason)
  expect(seen).toEqual([reason])
  expect(asked).toHaveLength(1)
})

test('leaving the loop aborts the tools that still run', async () => {
  let aborted = false
  const quick = tool('quick', () => 'ok')
  const slow = tool('slow', (_, { signal }) => {
    signal.addEventListener('abort', () => (aborted = true))
    return new Promise(() => {})
  })
  const { client } = clientOf(calling(call('quick'), call('slow')), answer)
  const loop = runTools(client, { messages: [user], tools: [quick, slow] })
  for await (const event of loop) if (event.type === 'tool-result') break
  expect(aborted).toBe(true)
  await expect(loop.result()).rejects.toMatchObject({ code: 'incomplete' })
})

test('leaving a loop whose pull is open ends too', async () => {
  const slow = tool('slow', () => new Promise(() => {}))
  const { client } = clientOf(calling(call('slow')), answer)
  const events = runTools(client, { messages: [user], tools: [slow] })[Symbol.asyncIterator]()
  for (let type = ''; type !== 'finish';) {
    const step = await events.next()
    if (!step.done) type = step.value.type
  }
  const pending = events.next()
  await expect(events.return?.()).resolves.toEqual({ done: true, value: undefined })
  await expect(pending).resolves.toEqual({ done: true, value: undefined })
})

test('leaving a loop while the model is silent ends its request', async () => {
  const asked = Promise.withResolvers<AbortSignal | undefined>()
  const transport: Transport = {
    protocol: 'test',
    send: () => Promise.reject(new Error('not asked for')),
    // oxlint-disable-next-line require-yield -- it says nothing
    async *stream(_request, options) {
      asked.resolve(options?.signal)
      await new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('closed'))))
    },
  }
  const events = runTools(createClient({ transport, model: 'm' }), { messages: [user] })[Symbol.asyncIterator]()
  const pending = events.next()
  const signal = await asked.promise
  await expect(events.return?.()).resolves.toEqual({ done: true, value: undefined })
  await expect(pending).resolves.toEqual({ done: true, value: undefined })
  expect(signal?.aborted).toBe(true)
})

test('a failure of the model is the failure of the loop', async () => {
  const { client } = clientOf(calling(call('it')), [{ text: 'cut' }])
  const loop = runTools(client, { messages: [user], tools: [tool('it', () => 'ok')] })
  await expect(loop.result()).rejects.toMatchObject({ code: 'incomplete', partial: { text: 'cut' } })
})

test.each([0, 1.5, -1, NaN])('%d steps are refused', async (maxSteps) => {
  const { client, asked } = clientOf(answer)
  await expect(runTools(client, { messages: [user] }, { maxSteps }).result()).rejects.toThrow(/^maxSteps: must be/)
  expect(asked).toEqual([])
})

test('a text instead of a request, and a signal that is none, are validation errors', async () => {
  const { client, asked } = clientOf(answer)
  expect(() => runTools(client, 'text' as unknown as { messages: Message[] })).toThrow(
    'the request: must be an object with messages and tools',
  )
  const loop = runTools(client, { messages: [user] }, { signal: new AbortController() as unknown as AbortSignal })
  await expect(loop.result()).rejects.toMatchObject({
    code: 'validation',
    message: expect.stringContaining('signal: must be an AbortSignal') as string,
  })
  expect(asked).toEqual([])
})

test('the total time of a loop also ends a tool that never does, and its signal aborts', async () => {
  const { client } = clientOf(calling(call('a')), answer)
  let signal: AbortSignal | undefined
  const never = tool('a', (_input, context) => {
    signal = context.signal
    return new Promise(() => undefined)
  })
  const loop = runTools(client, { messages: [user], tools: [never] }, { totalTimeout: 40 })
  await expect(loop.result()).rejects.toMatchObject({ code: 'timeout' })
  expect(signal?.aborted).toBe(true)
})

test.each([
  ['a client', undefined, {}, /^the client: must be one of createClient\(\)/],
  ['an object of options', clientOf().client, null, /^the options: must be an object/],
])('a loop without %s is refused with what is missing', (_, client, options, message) => {
  const start = () => runTools(client as never, { messages: [user] }, options as never)
  expect(start).toThrow(expect.objectContaining({ code: 'validation', message: expect.stringMatching(message) }))
})
