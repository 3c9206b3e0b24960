import { expect, test } from 'vitest'

import { beginAnswer } from './answer.ts'
import type { Codec } from '../codec.ts'
import { createBodyReader } from '../http/body.ts'
import { startDeadline } from '../http/deadline.ts'

const codec: Codec = {
  protocol: 'words',
  routes: () => ['/'],
  encodeRequest: () => ({ headers: {}, body: {}, unsupported: [] }),
  decodeResponse: (body) => ({ text: JSON.stringify(body) }),
  decodeEvent: ({ data }) => ({ text: data }),
  decodeError: () => Promise.reject(new Error('not asked for')),
}

async function begin(text: string, type: string) {
  const response = new Response(text, { headers: { 'content-type': type } })
  const body = createBodyReader(startDeadline({ timeout: Infinity }, new AbortController()))
  body.open(response.body)
  return beginAnswer({ response, body }, { codec, reader: undefined })
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
  const { first } = await begin(text, type)
  expect(first?.chunks).toMatchObject([{ text: said }])
})

test('the text of a first read is not held by the look at how it begins', async () => {
  ;/x/.exec('x')
  await begin(`data:${'y'.repeat(10_000)}\n\n`, 'text/event-stream')
  // What the engine keeps of the last match, with all of the text that it was found in.
  expect(Reflect.get(RegExp, '$_').length).toBeLessThan(10)
})
