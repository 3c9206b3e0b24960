import { expect, test } from 'vitest'

import { decodeFinishReason, decodeMessageText, decodeToolCalls } from './decode.ts'

test.each([
  ['a text', 'hi', 'hi'],
  ['null', null, undefined],
  ['parts of text', [{ type: 'text', text: 'h' }, { text: 'i' }], 'hi'],
  ['parts without text', [{ type: 'reference', ids: [1] }, { text: null }, { text: 'hi' }], 'hi'],
  ['no parts', [], ''],
])('the text of a message may be %s', (_, content, text) => {
  expect(decodeMessageText({ content }, 'content', 'message')).toBe(text)
})

test.each([
  [5, 'message.content: 5'],
  [['hi'], 'message.content.0: "hi"'],
  [[{ text: 5 }], 'message.content.0.text: 5'],
])('a text of another shape is a `protocol` error that names the place: %j', (content, place) => {
  expect(() => decodeMessageText({ content }, 'content', 'message')).toThrow(
    expect.objectContaining({ code: 'protocol', message: `The answer has an unknown shape at ${place}` }),
  )
})

test('arguments that come as an object become its JSON text', () => {
  const called = { name: 'weather', arguments: { city: 'Ulm' } }
  expect(decodeToolCalls({ tool_calls: [{ id: 'a', function: called }] }, 'message')).toEqual([
    { index: 0, id: 'a', name: 'weather', arguments: '{"city":"Ulm"}' },
  ])
})

test('the older word for tool calls means the same', () => {
  expect(decodeFinishReason('function_call')).toEqual({
    finishReason: 'tool-calls',
    rawFinishReason: 'function_call',
  })
})
