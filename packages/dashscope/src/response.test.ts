import { expect, test } from 'vitest'

import { codec } from './index.ts'

const deep = '['.repeat(300) + ']'.repeat(300)
function decode(data: string) {
  return codec.decodeEvent({ data })
}

test('what nests deep where nothing is read does no harm', () => {
  expect(decode(`{"output":{"text":"hi","unknown":${deep}}}`)).toMatchObject({ text: 'hi' })
})

test.each([
  ['a refusal', `{"code":"InvalidParameter","message":"no","unknown":${deep}}`],
  ['log probabilities', `{"output":{"choices":[{"message":{"content":"hi"},"logprobs":${deep}}]}}`],
  ['another shape', `{"output":{"choices":${deep}}}`],
])('%s that nests too deep is a `protocol` error, which no repetition mends', (_, data) => {
  expect(() => decode(data)).toThrow(
    expect.objectContaining({ code: 'protocol', message: 'The answer nests too deep' }),
  )
})

test('text and reasoning may come as parts', () => {
  const message = '{"content":[{"type":"text","text":"h"},{"text":"i"}],"reasoning_content":[{"text":"Hm"}]}'
  expect(decode(`{"output":{"choices":[{"message":${message}}]}}`)).toMatchObject({ text: 'hi', reasoning: 'Hm' })
})

test('an event without an answer, which says so, changes nothing', () => {
  expect(decode('{"request_id":"x","output":null}')).toMatchObject({ id: 'x' })
  expect(() => decode('{"id":"x"}')).toThrow(expect.objectContaining({ code: 'protocol' }))
})

test.each(['{}', '[]', 'null'])('usage without tokens says nothing: %s', (usage) => {
  const decoded = decode(`{"output":{},"usage":${usage}}`)
  expect(decoded).toMatchObject({})
  expect('usage' in decoded ? decoded.usage : undefined).toBeUndefined()
})

test('details that are an empty list say nothing', () => {
  const usage = { inputTokens: 1, outputTokens: 0, totalTokens: 1 }
  expect(decode('{"output":{},"usage":{"input_tokens":1,"prompt_tokens_details":[]}}')).toMatchObject({ usage })
})

test('a choice that ends with an error is one', () => {
  const choice = '{"finish_reason":"error","message":{"content":""},"error":{"code":"InternalError","message":"no"}}'
  expect(decode(`{"output":{"choices":[${choice}]},"request_id":"r"}`)).toEqual({
    error: { status: undefined, body: '{"error":{"code":"InternalError","message":"no"},"request_id":"r"}' },
  })
})
