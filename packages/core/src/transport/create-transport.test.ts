import { expect, test } from 'vitest'

import { wordCodec } from '../../test/word-codec.ts'
import type { TransportRequest } from '../chat/request.ts'
import { createTransport } from './create-transport.ts'

test.for<[Omit<TransportRequest, 'messages'>, boolean]>([
  [{ model: 'kimi-k2.5', thinking: true }, true],
  [{ model: 'kimi-k2.5', thinking: { budget: 100 } }, true],
  [{ model: 'kimi-k2-thinking' }, true],
  [{ model: 'unknown', thinking: true }, true],
  [{ model: 'kimi-k2.5', thinking: false }, false],
  [{ model: 'Moonshot-Kimi-K2-Instruct' }, false],
  [{ model: 'unknown' }, false],
])('%j: a whole answer of a model that thinks is read from a stream', async ([request, isStream]) => {
  const asked: boolean[] = []
  const transport = createTransport(
    {
      ...wordCodec,
      encodeRequest: (_, { stream }) => {
        asked.push(stream)
        return { headers: {}, body: {}, unsupported: [] }
      },
      decodeEvent: ({ data }) => ({ text: data, finishReason: 'stop' }),
    },
    {
      apiKey: 'sk-test',
      baseUrl: 'http://localhost',
      fetch: async () =>
        isStream
          ? new Response('data: hi\n\n', { headers: { 'content-type': 'text/event-stream' } })
          : Response.json('hi'),
    },
  )
  await transport.send({ ...request, messages: [{ role: 'user', content: 'hi' }] })
  expect(asked).toEqual([isStream])
})
