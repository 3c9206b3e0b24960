import { expect, test } from 'vitest'

import type { ToolCallPiece } from '../chat/chunk.ts'
import type { ChatEvent } from '../chat/event.ts'
import { createToolCallAccumulator } from './tool-calls.ts'

function accumulate(pieces: readonly ToolCallPiece[], cumulative = false) {
  const accumulator = createToolCallAccumulator()
  const events: ChatEvent[] = []
  const emit = (event: ChatEvent) => events.push(event)
  for (const piece of pieces) accumulator.push(piece, cumulative, emit)
  accumulator.finish(emit)
  return { events, toolCalls: accumulator.toolCalls() }
}

test('pieces of several calls may be mixed, and the first id and name hold', () => {
  const { toolCalls } = accumulate([
    { index: 1, id: 'b', name: 'now' },
    { index: 0, id: 'functions.sum:0', name: 'sum', arguments: '{"a"' },
    { index: 1, id: '', name: '', arguments: '{' },
    { index: 0, id: '', arguments: ':1}' },
    { index: 1, id: '', arguments: '}' },
  ])
  expect(toolCalls).toEqual([
    { id: 'functions.sum:0', name: 'sum', arguments: '{"a":1}' },
    { id: 'b', name: 'now', arguments: '{}' },
  ])
})

test('a delta of arguments never ends within a character, and none of it is lost', () => {
  const { events, toolCalls } = accumulate([
    { index: 0, id: 'a', name: 'greet', arguments: '"\uD83D' },
    { index: 1, id: 'b', name: 'greet', arguments: '\uD83D' },
    { index: 0, arguments: '\uDC4B"' },
  ])
  const deltas = events.flatMap((event) => (event.type === 'tool-call-delta' ? [[event.index, event.delta]] : []))
  expect(deltas).toEqual([
    [0, '"'],
    [0, '👋"'],
    [1, '\uD83D'],
  ])
  expect(toolCalls.map((call) => call.arguments)).toEqual(['"👋"', '\uD83D'])
})

test('cumulative pieces give the same events as the pieces they hide', () => {
  const cumulative = accumulate(
    [
      { index: 0, id: 'a', name: 'sum', arguments: '' },
      { index: 0, id: 'a', name: 'sum', arguments: '{"a":' },
      { index: 0, id: 'a', name: 'sum', arguments: '{"a":1}' },
      { index: 1, id: 'b', name: 'now', arguments: '{}' },
      { index: 0, id: 'a', name: 'sum', arguments: '{"a":1}' },
    ],
    true,
  )
  const incremental = accumulate([
    { index: 0, id: 'a', name: 'sum', arguments: '' },
    { index: 0, id: '', arguments: '{"a":' },
    { index: 0, arguments: '1}' },
    { index: 1, id: 'b', name: 'now', arguments: '{}' },
  ])
  expect(cumulative).toEqual(incremental)
})

test('another id is another call where an answer gives all of them the same index', () => {
  const { events, toolCalls } = accumulate([
    { index: 0, id: 'a', name: 'sum', arguments: '{"a":' },
    { index: 0, arguments: '1}' },
    { index: 0, id: 'b', name: 'now', arguments: '{' },
    { index: 0, id: '', arguments: '}' },
    { index: 0, id: 'a', arguments: ' ' },
  ])
  expect(toolCalls).toEqual([
    { id: 'a', name: 'sum', arguments: '{"a":1} ' },
    { id: 'b', name: 'now', arguments: '{}' },
  ])
  expect(events.flatMap((event) => (event.type === 'tool-call-start' ? [event.index] : []))).toEqual([0, 1])
})

test('the same id under two indexes is two calls', () => {
  const call = { id: 'a', name: 'now', arguments: '{}' }
  expect(
    accumulate([
      { index: 0, ...call },
      { index: 1, ...call },
    ]).toolCalls,
  ).toEqual([call, call])
})

test('a call is told once its name and id are known, with what had come of its arguments', () => {
  const { events } = accumulate([
    { index: 0, name: 'sum' },
    { index: 0, id: 'a' },
    { index: 1, id: 'b', arguments: '{"x":' },
    { index: 1, name: 'now', arguments: '1}' },
  ])
  expect(events).toEqual([
    { type: 'tool-call-start', index: 0, id: 'a', name: 'sum' },
    { type: 'tool-call-start', index: 1, id: 'b', name: 'now' },
    { type: 'tool-call-delta', index: 1, delta: '{"x":1}' },
    { type: 'tool-call-end', index: 0, toolCall: { id: 'a', name: 'sum', arguments: '' } },
    { type: 'tool-call-end', index: 1, toolCall: { id: 'b', name: 'now', arguments: '{"x":1}' } },
  ])
})

test('a call ends after its start, also when the answer never tells its name or id', () => {
  expect(
    accumulate([
      { index: 0, name: 'now' },
      { index: 1, id: 'b', arguments: '{}' },
    ]).events,
  ).toEqual([
    { type: 'tool-call-start', index: 0, id: '', name: 'now' },
    { type: 'tool-call-end', index: 0, toolCall: { id: '', name: 'now', arguments: '' } },
    { type: 'tool-call-start', index: 1, id: 'b', name: '' },
    { type: 'tool-call-delta', index: 1, delta: '{}' },
    { type: 'tool-call-end', index: 1, toolCall: { id: 'b', name: '', arguments: '{}' } },
  ])
})

test('arguments that come whole once more are counted once', () => {
  const { events, toolCalls } = accumulate([
    { index: 0, id: 'a', name: 'sum', arguments: '{"a"' },
    { index: 0, arguments: ':1}' },
    { index: 0, id: 'a', name: 'sum', arguments: '{"a":1}' },
  ])
  expect(toolCalls).toEqual([{ id: 'a', name: 'sum', arguments: '{"a":1}' }])
  const deltas = events.flatMap((event) => (event.type === 'tool-call-delta' ? [event.delta] : []))
  expect(deltas).toEqual(['{"a"', ':1}'])
})

test('pieces that look alike before the arguments are whole are all part of them', () => {
  const { toolCalls } = accumulate([
    { index: 0, id: 'a', name: 'sum', arguments: '[' },
    { index: 0, arguments: '[' },
    { index: 0, arguments: ']]' },
  ])
  expect(toolCalls).toEqual([{ id: 'a', name: 'sum', arguments: '[[]]' }])
})
