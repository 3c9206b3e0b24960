import { expect, test } from 'vitest'

import { wordCodec } from '../../test/word-codec.ts'
import { createClient } from '../client.ts'
import type { Codec } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import { createTransport } from './create-transport.ts'

const key = 'sk-0123456789abcdef'

/** Events are words, and "no" is an error. */
function connect(decodeError: Codec['decodeError']) {
  const codec: Codec = {
    ...wordCodec,
    decodeEvent: ({ data }) => (data === 'no' ? { error: { status: undefined, body: data } } : { text: data }),
    decodeError,
  }
  return createTransport(codec, {
    apiKey: key,
    baseUrl: 'http://localhost',
    retries: 0,
    fetch: async () =>
      new Response('data: one\n\ndata: no\n\ndata: two\n\n', { headers: { 'content-type': 'text/event-stream' } }),
  })
}

function serverError() {
  return {
    code: 'server',
    status: 500,
    serviceCode: 'Broken',
    message: 'It broke',
    requestId: undefined,
    retryable: true,
  } as const
}

test('an error inside a stream comes after the chunks before it', async () => {
  const stream = createClient({ transport: connect(serverError), model: 'm' }).stream('hi')
  const seen: unknown[] = []
  const reading = (async () => {
    for await (const event of stream) seen.push(event)
  })()
  await expect(reading).rejects.toMatchObject({ code: 'server', serviceCode: 'Broken', partial: { text: 'one' } })
  expect(seen).toEqual([{ type: 'text-delta', delta: 'one' }])
})

test('an error that cannot be decoded ends the stream with the failure of decoding, without the key', async () => {
  const transport = connect(() => {
    throw new DualscopeError('protocol', `cannot read the answer to ${key}`)
  })
  const stream = createClient({ transport, model: 'm' }).stream('hi')
  const failure = await stream.result().catch((error: unknown) => error)
  expect(failure).toMatchObject({
    code: 'protocol',
    message: 'cannot read the answer to [redacted]',
    partial: { text: 'one' },
  })
  await expect(stream.result()).rejects.toBe(failure)
})

test('several pulls of batches at once get each batch once, in order', async () => {
  const request = { model: 'm', messages: [{ role: 'user', content: 'hi' }] } as const
  const batches = connect(serverError).stream(request)[Symbol.asyncIterator]()
  const first = batches.next()
  const second = batches.next()
  expect(await first).toMatchObject({ done: false, value: [{ text: 'one' }] })
  await expect(second).rejects.toThrow('It broke')
  expect(await batches.next()).toEqual({ done: true, value: undefined })
})
