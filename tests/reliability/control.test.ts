import { createClient, type CallOptions, type ChatEvent } from '@dualscope/core'
import { afterEach, describe, expect, test } from 'vitest'

import { protocols, type ProtocolBytes } from './protocols.ts'
import { chunk, head, startRawServer, whole, type RawRequest, type RawServer } from './raw-server.ts'

const sse = { 'content-type': 'text/event-stream' }
const apiKey = 'sk-0123456789abcdef'
const reason = new Error('the user went away')

let server: RawServer | undefined
afterEach(async () => {
  await server?.stop()
  server = undefined
})

async function clientOf(bytes: ProtocolBytes, answer: (request: RawRequest) => unknown, options: object = {}) {
  server = await startRawServer(answer)
  const transport = bytes.connect({ apiKey, baseUrl: server.url, ...options })
  return { server, transport, client: createClient({ transport, model: 'kimi-k2.5' }) }
}

function abortingIn(milliseconds: number): CallOptions {
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), milliseconds)
  return { signal: controller.signal }
}

function never() {
  return new Promise<never>(() => undefined)
}

/** The end of a head whose connection is kept. */
function length(body: string) {
  return `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
}

/** A head and one frame of text; then nothing. */
function begin(bytes: ProtocolBytes) {
  return ({ socket }: RawRequest) => {
    socket.write(head(200, sse))
    socket.write(chunk(bytes.text('Hel')))
  }
}

function busy(bytes: ProtocolBytes, headers: Record<string, string> = {}) {
  return ({ socket }: RawRequest) => socket.end(whole(429, headers, bytes.refusal('Throttling', 'Requests throttled')))
}

describe.each(protocols)('over $name', (bytes) => {
  test('an abort before the call sends nothing', async () => {
    const { client, server } = await clientOf(bytes, begin(bytes))
    const options = { signal: AbortSignal.abort(reason) }
    await expect(client.chat('hi', options)).rejects.toBe(reason)
    await expect(client.stream('hi', options).result()).rejects.toBe(reason)
    expect(server.connections).toBe(0)
  })

  test('an abort before the head rejects with its reason and closes the connection', async () => {
    const controller = new AbortController()
    const { client, server } = await clientOf(bytes, () => controller.abort(reason))
    await expect(client.chat('hi', { signal: controller.signal })).rejects.toBe(reason)
    expect(await server.closed()).toBe(true)
    expect(server.requests).toBe(1)
  })

  test('an abort in the answer rejects with its reason, closes the connection, and leaves what had come', async () => {
    const { client, server } = await clientOf(bytes, begin(bytes))
    const stream = client.stream('hi', abortingIn(300))
    await expect(stream.result()).rejects.toBe(reason)
    expect(await server.closed()).toBe(true)
    expect(stream.snapshot().text).toBe('Hel')
  })

  test('an abort during the wait for a retry ends the wait', async () => {
    const { client, server } = await clientOf(bytes, busy(bytes, { 'retry-after': '30' }))
    await expect(client.chat('hi', abortingIn(100))).rejects.toBe(reason)
    expect(server.requests).toBe(1)
  })

  test('an abort while the reader does something else closes the connection at once', async () => {
    const { client, server } = await clientOf(bytes, begin(bytes))
    const loop = client.stream('hi', abortingIn(300))[Symbol.asyncIterator]()
    expect(await loop.next()).toMatchObject({ value: { delta: 'Hel' } })
    expect(await server.closed()).toBe(true)
    await expect(loop.next()).rejects.toBe(reason)
  })

  test('an abort while the key is being fetched rejects, and a signal that fetch ignores still counts', async () => {
    const { client } = await clientOf(bytes, begin(bytes), { apiKey: never })
    await expect(client.chat('hi', abortingIn(20))).rejects.toBe(reason)
    const deaf = await clientOf(bytes, begin(bytes), { fetch: never })
    await expect(deaf.client.chat('hi', abortingIn(20))).rejects.toBe(reason)
    await expect(deaf.client.chat('hi', { timeout: 20 })).rejects.toMatchObject({ code: 'timeout' })
  })

  test('leaving the loop closes the connection', async () => {
    const { client, server } = await clientOf(bytes, begin(bytes))
    for await (const _ of client.stream('hi')) break
    expect(await server.closed()).toBe(true)
    for await (const _ of client.stream('hi').text()) break
    expect(await server.closed()).toBe(true)
  })

  test('leaving with a pull in flight closes the connection too, and the pull ends', async () => {
    const { client, server } = await clientOf(bytes, begin(bytes))
    for (const resume of [false, true]) {
      const loop = client.stream('hi', { resume })[Symbol.asyncIterator]()
      await loop.next()
      const pull = loop.next()
      await loop.return?.()
      expect(await pull).toEqual({ done: true, value: undefined })
      expect(await server.closed()).toBe(true)
    }
    const texts = client.stream('hi').text()[Symbol.asyncIterator]()
    await texts.next()
    const pull = texts.next()
    await texts.return?.()
    expect(await pull).toEqual({ done: true, value: undefined })
    expect(await server.closed()).toBe(true)
  })

  test('a slow reader holds the service back', async () => {
    let written = 0
    const frame = chunk(bytes.text('x'.repeat(64 * 1024)))
    const { client } = await clientOf(bytes, ({ socket }) => {
      socket.write(head(200, sse))
      const more = () => {
        while (written < 2000) {
          written += 1
          if (!socket.write(frame)) return void socket.once('drain', more)
        }
      }
      more()
    })
    const loop = client.stream('hi')[Symbol.asyncIterator]()
    await loop.next()
    await new Promise((resolve) => setTimeout(resolve, 300))
    const held = written
    await new Promise((resolve) => setTimeout(resolve, 200))
    // 2,000 frames are 125 MiB; what the kernel and the runtime buffer is a few.
    expect(written).toBe(held)
    expect(held * 64).toBeLessThan(16 * 1024)
    await loop.return?.()
  })

  test('a slow reader is not taken for a slow service', async () => {
    const { client } = await clientOf(bytes, ({ socket }) => {
      socket.end(whole(200, sse, bytes.text('Hel') + bytes.text('lo') + bytes.finish() + bytes.terminator))
    })
    const stream = client.stream('hi', { timeout: 500 })
    const seen: ChatEvent['type'][] = []
    for await (const { type } of stream) {
      seen.push(type)
      await new Promise((resolve) => setTimeout(resolve, 600))
    }
    expect(seen).toEqual(['text-delta', 'text-delta', 'finish'])
  })

  test('comments are signs of the service', async () => {
    const { client } = await clientOf(bytes, ({ socket }) => {
      socket.write(head(200, sse))
      let beats = 0
      const timer = setInterval(() => {
        beats += 1
        if (beats < 8) return socket.write(chunk(': keep-alive\n\n'))
        clearInterval(timer)
        return socket.end(Buffer.concat([chunk(bytes.text('Hello') + bytes.finish()), chunk('')]))
      }, 100)
    })
    expect(await client.stream('hi', { timeout: 500 }).result()).toMatchObject({ text: 'Hello' })
  })

  test('the total time counts attempts, waits and the answer together', async () => {
    const throttled = await clientOf(bytes, busy(bytes, { 'retry-after': '5' }))
    const start = performance.now()
    await expect(throttled.client.chat('hi', { totalTimeout: 100 })).rejects.toMatchObject({ code: 'timeout' })
    expect(performance.now() - start).toBeLessThan(1000)
    const trickling = await clientOf(bytes, ({ socket }) => {
      socket.write(head(200, sse))
      const timer = setInterval(() => socket.write(chunk(bytes.text('x'))), 20)
      socket.on('close', () => clearInterval(timer))
    })
    const stream = trickling.client.stream('hi', { timeout: 5000, totalTimeout: 500 })
    await expect(stream.result()).rejects.toMatchObject({
      code: 'timeout',
      partial: { text: expect.stringMatching(/^x+$/) as string },
    })
    expect(await trickling.server.closed()).toBe(true)
  })

  test('after a finishing frame chatter without end does not keep the answer', async () => {
    const { client, server } = await clientOf(bytes, ({ socket }) => {
      socket.write(head(200, sse))
      socket.write(chunk(bytes.text('Hello') + bytes.finish() + bytes.terminator))
      const timer = setInterval(() => socket.write(chunk(': still here\n\n')), 50)
      socket.on('close', () => clearInterval(timer))
    })
    const start = performance.now()
    expect(await client.stream('hi').result()).toMatchObject({ text: 'Hello' })
    expect(performance.now() - start).toBeLessThan(3000)
    expect(await server.closed()).toBe(true)
  })

  test('calls one after the other share their connections, whatever they ended with', async () => {
    const { client, server } = await clientOf(bytes, ({ socket, number, head: received }) => {
      if (!received.includes('event-stream')) {
        const body = bytes.answer('Hello')
        return socket.write(`HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${length(body)}`)
      }
      if (number === 3) return socket.write(`HTTP/1.1 429 No\r\n${length(bytes.refusal('Throttling', 'Slow down'))}`)
      socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n')
      socket.write(chunk(bytes.text('Hello')))
      socket.write(chunk(bytes.finish() + bytes.terminator))
      return setTimeout(() => socket.write(chunk('')), 20)
    })
    for (let call = 1; call <= 4; call += 1) {
      expect((await client.stream('hi').result()).text).toBe('Hello')
      // The result comes with the last event; the rest of the body is read aside.
      await new Promise((resolve) => setTimeout(resolve, 60))
      expect((await client.chat('hi')).text).toBe('Hello')
    }
    // Node's `fetch` opens a second one for its second request, also when it is used plainly.
    expect(server.connections).toBeLessThanOrEqual(2)
    expect(server.requests).toBe(9)
  })

  test('a model that answers in streams alone is asked for a stream, from then on at once', async () => {
    const asked: boolean[] = []
    const { client } = await clientOf(bytes, ({ socket, head: received, body }) => {
      const streams = body.includes('"stream":true') || /x-dashscope-sse/i.test(received)
      asked.push(streams)
      const refusal = bytes.refusal(
        'InvalidParameter',
        'This model only support stream mode, please enable the stream parameter.',
      )
      const frames = bytes.reasoning('hm') + bytes.text('Hel') + bytes.text('lo') + bytes.finish() + bytes.terminator
      socket.end(streams ? whole(200, sse, frames) : whole(400, {}, refusal))
    })
    const request = { model: 'unknown', messages: [{ role: 'user', content: 'hi' }] } as const
    const first = await client.chat(request)
    expect(first).toMatchObject({ text: 'Hello', reasoning: 'hm', finishReason: 'stop' })
    expect(await client.chat(request)).toEqual(first)
    expect(await client.stream(request).result()).toEqual(first)
    expect(asked).toEqual([false, true, true, true])
  })

  test('with `resume` a cut answer goes on from its text, and one that only thought begins anew', async () => {
    const sent: string[] = []
    const { client } = await clientOf(bytes, ({ socket, body, number }) => {
      sent.push(body)
      if (number === 3) return void socket.end(whole(200, sse, bytes.text('lo') + bytes.finish() + bytes.terminator))
      socket.write(head(200, sse))
      socket.write(chunk(bytes.reasoning(number === 1 ? 'old' : 'new') + (number === 1 ? '' : bytes.text('Hel'))))
      setTimeout(() => socket.resetAndDestroy(), 20)
    })
    const request = { model: 'kimi-k3', messages: [{ role: 'user', content: 'hi' }] } as const
    expect(await client.chat(request, { resume: true })).toMatchObject({ text: 'Hello', reasoning: 'new' })
    expect(sent).toHaveLength(3)
    expect(sent[1]).toBe(sent[0])
    expect(sent[2]).toMatch(/Hel.*"partial":true/)
  })

  test('limits that make no sense are refused by their place', async () => {
    const { client, server } = await clientOf(bytes, begin(bytes))
    for (const value of [0, -1, NaN]) {
      for (const place of ['timeout', 'totalTimeout'] as const) {
        await expect(client.chat('hi', { [place]: value })).rejects.toMatchObject({
          code: 'validation',
          message: `${place}: must be ms over 0, or Infinity for none, got ${value} (call options)`,
        })
        const { client: other } = await clientOf(bytes, begin(bytes), { [place]: value })
        await expect(other.chat('hi')).rejects.toMatchObject({ code: 'configuration' })
      }
    }
    for (const retries of [-1, 0.5, NaN]) {
      await expect(client.chat('hi', { retries })).rejects.toMatchObject({
        code: 'validation',
        message: expect.stringMatching(/^retries: /) as string,
      })
    }
    expect(server.requests).toBe(0)
  })

  test('without limits nothing expires', async () => {
    const { client } = await clientOf(bytes, ({ socket }) => {
      setTimeout(() => socket.end(whole(200, sse, bytes.text('Hello') + bytes.finish())), 50)
    })
    const options = { timeout: Infinity, totalTimeout: Infinity, retries: Infinity }
    expect((await client.stream('hi', options).result()).text).toBe('Hello')
  })
})
