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
