import { expect, test } from 'vitest'

import { collect } from '../../test/collect.ts'
import { wordCodec } from '../../test/word-codec.ts'
import type { Codec } from '../codec.ts'
import { createBodyReader } from '../http/body.ts'
import { startDeadline } from '../http/deadline.ts'
import { accumulate } from '../stream/accumulate.ts'
import { readAnswer } from './answer.ts'

async function read(text: string, type: string, codec: Codec = wordCodec) {
  const response = new Response(text, { headers: { 'content-type': type } })
  const body = createBodyReader(response.body, startDeadline({ timeout: Infinity }))
  return (await collect(readAnswer(response, body, codec))).flat()
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

test.each([
  ['empty', '', 'The answer is empty'],
  ['blank', ' \n', 'The answer is empty'],
  ['cut within its JSON', '{"a":"b', 'The answer ended within its JSON: {"a":"b'],
])('a whole answer that is %s is `incomplete`, which another attempt may repair', async (_, text, message) => {
  await expect(read(text, 'application/json')).rejects.toMatchObject({ code: 'incomplete', message })
})

test.each(['<html>', '{"a":}', 'no'])('a whole answer that is no JSON is a `protocol` error: %s', async (text) => {
  await expect(read(text, 'application/json')).rejects.toMatchObject({ code: 'protocol' })
})

test('calls of a whole answer stay apart, whatever index they state', async () => {
  const toolCalls = [1, 2, 3].map((number) => ({ index: 0, id: '', name: 'now', arguments: `{"a":${number}}` }))
  const codec: Codec = { ...wordCodec, decodeResponse: () => ({ toolCalls, finishReason: 'tool-calls' }) }
  const chunks = await read('{}', 'application/json', codec)
  const { toolCalls: calls } = accumulate(chunks, { protocol: 'words', model: 'm' })
  expect(calls.map((call) => call.arguments)).toEqual(['{"a":1}', '{"a":2}', '{"a":3}'])
})
