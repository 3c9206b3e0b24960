import { expect, test } from 'vitest'

import type { PreparedRequest } from '../request/prepared.ts'
import { decodeToolCalls } from './decode.ts'
import { encodeOptions, encodeToolCalls } from './encode.ts'

function encode(request: Partial<PreparedRequest>) {
  return encodeOptions({ model: 'm', modelInfo: undefined, thinking: {}, messages: [], ...request }, ['model'])
}

test('tools go out as functions, and a forced choice by name', () => {
  const parameters = { type: 'object', properties: { city: { type: 'string' } } }
  const tools = [{ name: 'weather', description: 'The weather', parameters }]
  expect(encode({ tools, toolChoice: { name: 'weather' }, parallelToolCalls: true })).toEqual({
    tools: [{ type: 'function', function: { name: 'weather', description: 'The weather', parameters } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    parallel_tool_calls: true,
  })
  expect(encode({ tools: [], toolChoice: 'none' })).toEqual({ tool_choice: 'none' })
})

test('data is asked for as JSON, or by a schema where the model has that', () => {
  expect(encode({ output: 'json' })).toEqual({ response_format: { type: 'json_object' } })
  expect(encode({ output: { schema: { type: 'object' } } })).toEqual({
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: { type: 'object' } } },
  })
})

test.each(['tools', 'tool_choice', 'response_format', 'enable_search', 'search_options', 'model'])(
  'extra cannot set %s a second time',
  (key) => {
    expect(() => encode({ extra: { [key]: 1 } })).toThrow(expect.objectContaining({ code: 'validation' }))
  },
)

test('calls go back with their index; arguments that are not a JSON object as {}', () => {
  const calls = [
    { id: 'functions.a:0', name: 'a', arguments: '{ "x": 1 }' },
    { id: 'functions.b:1', name: 'b', arguments: '{"x":' },
  ]
  expect(encodeToolCalls(calls)).toEqual([
    { id: 'functions.a:0', type: 'function', index: 0, function: { name: 'a', arguments: '{ "x": 1 }' } },
    { id: 'functions.b:1', type: 'function', index: 1, function: { name: 'b', arguments: '{}' } },
  ])
  expect(decodeToolCalls({ tool_calls: encodeToolCalls(calls) }, 'message')).toEqual(
    calls.map((call, index) => ({ index, ...call, ...(index === 1 && { arguments: '{}' }) })),
  )
})

test('an answer may leave out anything of a call, its index too', () => {
  expect(
    decodeToolCalls(
      {
        tool_calls: [
          { id: 'a', function: { name: 'now' } },
          { index: null, id: null, function: null },
        ],
      },
      'message',
    ),
  ).toEqual([
    { index: 0, id: 'a', name: 'now', arguments: undefined },
    { index: 1, id: undefined, name: undefined, arguments: undefined },
  ])
  expect(decodeToolCalls({ tool_calls: null }, 'message')).toBeUndefined()
})
