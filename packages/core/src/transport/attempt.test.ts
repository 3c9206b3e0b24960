import { expect, test } from 'vitest'

import { createClient } from '../client.ts'
import type { Codec } from '../codec.ts'
import { createTransport } from '../transport/create-transport.ts'

function unasked(): never {
  throw new Error('not asked for')
}

test('a codec without a route is refused before anything is sent, an upload too', async () => {
  const codec: Codec = {
    protocol: 'nowhere',
    routes: () => [],
    encodeRequest: () => ({ headers: {}, body: {}, unsupported: [] }),
    decodeResponse: unasked,
    decodeEvent: unasked,
    decodeError: unasked,
  }
  let sent = 0
  const fetch = async () => {
    sent += 1
    return new Response(null, { status: 500 })
  }
  const transport = createTransport(codec, { apiKey: 'sk-test', media: 'upload', validate: false, retries: 0, fetch })
  const image = new Blob([Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)], { type: 'image/jpeg' })
  const asked = createClient({ transport, model: 'm' }).chat({
    messages: [{ role: 'user', content: [{ type: 'image', image }] }],
  })
  await expect(asked).rejects.toMatchObject({ code: 'configuration', message: 'The codec nowhere returned no routes' })
  expect(sent).toBe(0)
})

test.each([
  ['a\uD83D', 'a\uFFFD'],
  ['\uDC4B \uD83D\uDC4B', '\uFFFD 👋'],
  [String.raw`\ud83d`, String.raw`\ud83d`],
])('half a character, for which UTF-8 has no form, is sent as the sign for a lost one: %j', async (text, sent) => {
  const bodies: unknown[] = []
  const codec: Codec = {
    protocol: 'echo',
    routes: () => ['/'],
    encodeRequest: ({ messages }) => ({ headers: {}, body: { messages }, unsupported: [] }),
    decodeResponse: () => ({ text: 'ok', finishReason: 'stop' }),
    decodeEvent: unasked,
    decodeError: unasked,
  }
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    bodies.push(await new Request(input, init).json())
    return Response.json({})
  }
  const transport = createTransport(codec, { apiKey: 'sk-test', region: 'beijing', fetch })
  await createClient({ transport, model: 'm' }).chat(text)
  expect(bodies).toEqual([{ messages: [{ role: 'user', content: sent }] }])
})
