import { expect, test } from 'vitest'

import { collect } from '../../test/collect.ts'
import { wordCodec } from '../../test/word-codec.ts'
import { createBodyReader } from '../http/body.ts'
import { startDeadline } from '../http/deadline.ts'
import { readAnswer } from './answer.ts'

async function read(text: string, type: string) {
  const response = new Response(text, { headers: { 'content-type': type } })
  const body = createBodyReader(response.body, startDeadline({ timeout: Infinity }))
  return (await collect(readAnswer(response, body, wordCodec))).flat()
}

test.each([
  ['a field', 'data:hi\n\n', 'application/json', 'hi'],
  ['a field after blank lines', '\n\n \ndata:hi\n\n', 'application/json', 'hi'],
  ['a comment', ':hm\ndata:hi\n\n', 'text/plain', 'hi'],
  ['a byte order mark', '\uFEFFdata:hi\n\n', 'text/plain', 'hi'],
  ['a field that only the label explains', 'retries:1\ndata:hi\n\n', 'text/event-stream; charset=utf-8', 'hi'],
  ['JSON', '{"a":1}', 'application/json', '{"a":1}'],
  ['JSON that is labelled as events', ' \n{"a":1}', 'text/event-stream', '{"a":1}'],
])('an answer is read as what it begins as: %s', async (_, text, type, said) => {
  expect(await read(text, type)).toMatchObject([{ text: said }])
})
