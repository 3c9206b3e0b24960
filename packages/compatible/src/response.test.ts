import { expect, test } from 'vitest'

import { codec } from './index.ts'

const deep = '['.repeat(300) + ']'.repeat(300)
function decode(data: string) {
  return codec.decodeEvent({ data })
}

test('what nests deep where nothing is read does no harm', () => {
  expect(decode(`{"choices":[{"delta":{"content":"hi"}}],"unknown":${deep}}`)).toMatchObject({ text: 'hi' })
})

test.each([
  ['a refusal', `{"error":{"code":"invalid_parameter_error","message":"no","unknown":${deep}}}`],
  ['log probabilities', `{"choices":[{"delta":{"content":"hi"},"logprobs":${deep}}]}`],
  ['another shape', `{"choices":${deep}}`],
])('%s that nests too deep is a `protocol` error, which no repetition mends', (_, data) => {
  expect(() => decode(data)).toThrow(
    expect.objectContaining({ code: 'protocol', message: 'The answer nests too deep' }),
  )
})

test('text and reasoning may come as parts', () => {
  const message = '{"content":[{"type":"text","text":"h"},{"text":"i"}],"reasoning_content":[{"text":"Hm"}]}'
  expect(decode(`{"choices":[{"delta":${message}}]}`)).toMatchObject({ text: 'hi', reasoning: 'Hm' })
})

test('an event without an answer, which says so, changes nothing', () => {
  expect(decode('{"id":"x","choices":null}')).toMatchObject({ id: 'x' })
  expect(() => decode('{"id":"x"}')).toThrow(expect.objectContaining({ code: 'protocol' }))
})

test('an event that is named an error is one, whatever its data', () => {
  expect(codec.decodeEvent({ event: 'error', data: 'upstream died' })).toEqual({
    error: { status: undefined, body: 'upstream died' },
  })
})

test.each(['{}', '[]', 'null'])('usage without tokens says nothing: %s', (usage) => {
  const decoded = decode(`{"choices":[],"usage":${usage}}`)
  expect(decoded).toMatchObject({})
  expect('usage' in decoded ? decoded.usage : undefined).toBeUndefined()
})

test('details that are an empty list say nothing', () => {
  const usage = { inputTokens: 1, outputTokens: 0, totalTokens: 1 }
  expect(decode('{"choices":[],"usage":{"prompt_tokens":1,"prompt_tokens_details":[]}}')).toMatchObject({ usage })
})
