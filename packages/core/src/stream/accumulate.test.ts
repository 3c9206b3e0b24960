import { expect, test } from 'vitest'

import type { ChatChunk } from '../chat/chunk.ts'
import type { ChatEvent } from '../chat/event.ts'
import { DualscopeError } from '../errors.ts'
import { createAccumulator } from './accumulate.ts'

const end: ChatChunk = { finishReason: 'stop', rawFinishReason: 'stop' }

function accumulate(chunks: readonly ChatChunk[]) {
  const events: ChatEvent[] = []
  const emit = (event: ChatEvent) => events.push(event)
  const accumulator = createAccumulator({ protocol: 'test', model: 'asked' })
  for (const chunk of chunks) accumulator.push(chunk, emit)
  accumulator.finish(emit)
  return { events, result: accumulator.result() }
}

test('deltas become events, and together the result', () => {
  const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 }
  const { events, result } = accumulate([
    { id: 'a', requestId: 'r', model: 'answering', reasoning: 'hm' },
    { text: 'Hel' },
    { text: 'lo', finishReason: 'stop', rawFinishReason: 'stop' },
    { usage },
  ])
  expect(events).toEqual([
    { type: 'reasoning-delta', delta: 'hm' },
    { type: 'text-delta', delta: 'Hel' },
    { type: 'text-delta', delta: 'lo' },
    { type: 'finish', finishReason: 'stop', usage },
  ])
  expect(result).toStrictEqual({
    id: 'a',
    requestId: 'r',
    model: 'answering',
    protocol: 'test',
    text: 'Hello',
    reasoning: 'hm',
    toolCalls: [],
    output: undefined,
    message: { role: 'assistant', content: 'Hello', reasoning: 'hm' },
    finishReason: 'stop',
    rawFinishReason: 'stop',
    usage,
  })
})

test('empty pieces make no event', () => {
  expect(accumulate([{ text: '', reasoning: '' }, end]).events.map(({ type }) => type)).toEqual(['finish'])
})

test('cumulative chunks give the same events as the deltas they hide', () => {
  const cumulative = accumulate([
    { cumulative: true, reasoning: 'I' },
    { cumulative: true, reasoning: 'I see' },
    { cumulative: true, reasoning: 'I see', text: 'I like' },
    { cumulative: true, reasoning: '', text: 'I like apples.' },
    { cumulative: true, text: '', ...end },
  ])
  const plain = accumulate([{ reasoning: 'I' }, { reasoning: ' see' }, { text: 'I like' }, { text: ' apples.' }, end])
  expect(cumulative).toEqual(plain)
})

test('a cumulative chunk that rewrites what came before is a protocol error', () => {
  expect(() => accumulate([{ cumulative: true, text: 'One' }, { cumulative: true, text: 'Two!' }, end])).toThrow(
    expect.objectContaining({ code: 'protocol' }),
  )
})

test('an answer without a finish reason is incomplete', () => {
  expect(() => accumulate([{ text: 'Hel' }])).toThrow(DualscopeError)
  expect(() => accumulate([{ text: 'Hel' }])).toThrow(expect.objectContaining({ code: 'incomplete' }))
})

test('tool calls are put together by index, and an empty id or name takes nothing back', () => {
  const { events, result } = accumulate([
    { toolCalls: [{ index: 0, id: 'functions.sum:0', name: 'sum', arguments: '' }] },
    { toolCalls: [{ index: 0, id: '', arguments: '{"a":' }] },
    {
      toolCalls: [
        { index: 0, id: '', name: '', arguments: '1}' },
        { index: 1, id: 'b', name: 'now' },
      ],
    },
    { toolCalls: [{ index: 1, arguments: '{}' }], finishReason: 'tool-calls', rawFinishReason: 'tool_calls' },
  ])
  const first = { id: 'functions.sum:0', name: 'sum', arguments: '{"a":1}' }
  const second = { id: 'b', name: 'now', arguments: '{}' }
  expect(events).toEqual([
    { type: 'tool-call-start', index: 0, id: 'functions.sum:0', name: 'sum' },
    { type: 'tool-call-delta', index: 0, delta: '{"a":' },
    { type: 'tool-call-delta', index: 0, delta: '1}' },
    { type: 'tool-call-start', index: 1, id: 'b', name: 'now' },
    { type: 'tool-call-delta', index: 1, delta: '{}' },
    { type: 'tool-call-end', index: 0, toolCall: first },
    { type: 'tool-call-end', index: 1, toolCall: second },
    { type: 'finish', finishReason: 'tool-calls', usage: undefined },
  ])
  expect(result.message).toEqual({ role: 'assistant', content: '', toolCalls: [first, second] })
})

test('"stop" with tool calls present is "tool-calls"', () => {
  const { result } = accumulate([{ toolCalls: [{ index: 0, id: 'a', name: 'now', arguments: '{}' }], ...end }])
  expect(result).toMatchObject({ finishReason: 'tool-calls', rawFinishReason: 'stop' })
})

test('the last usage holds, and sources are not taken back by a later empty list', () => {
  const usage = { inputTokens: 1, outputTokens: 9, totalTokens: 10 }
  const sources = [{ title: 'Kimi', url: 'https://example.com' }]
  const { result } = accumulate([
    { sources, usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } },
    { sources: [], usage, ...end },
  ])
  expect(result).toMatchObject({ usage, sources })
})
