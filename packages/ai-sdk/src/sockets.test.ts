import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'

import { createMock, faults } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import {
  convertToModelMessages,
  createUIMessageStreamResponse,
  DefaultChatTransport,
  generateText,
  isStepCount,
  readUIMessageStream,
  streamText,
  tool,
  toUIMessageStream,
  type ModelMessage,
  type UIMessage,
} from 'ai'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import * as z from 'zod'

import { createDualscope } from './provider.ts'

const protocols = ['compatible', 'dashscope'] as const
type Protocol = (typeof protocols)[number]

function url(name: string): URL {
  return new URL(`https://unreachable.invalid/${name}`)
}

const mock = createMock()
let service: ListeningMock

beforeAll(async () => {
  globalThis.AI_SDK_LOG_WARNINGS = false
  service = await listen(mock)
})
afterAll(() => service.close())
afterEach(() => {
  const issues = mock.requests.flatMap((request) => request.issues)
  mock.reset()
  if (issues.length > 0) throw new Error(JSON.stringify(issues))
})

function model(protocol: Protocol) {
  return createDualscope({ protocol, apiKey: 'sk-test', baseUrl: service.url })('kimi-k2.5')
}

/** Serves a route handler of the kind that web frameworks have, from a request to a response. */
async function serve(handle: (request: Request) => Promise<Response>) {
  const server = createServer((message, reply) => {
    void (async () => {
      const gone = new AbortController()
      reply.once('close', () => gone.abort())
      const body = await new Response(Readable.toWeb(message) as ReadableStream).text()
      const response = await handle(new Request('http://app.test/', { method: 'POST', body, signal: gone.signal }))
      reply.writeHead(response.status, Object.fromEntries(response.headers))
      if (response.body)
        Readable.fromWeb(response.body as never)
          .on('error', () => reply.destroy())
          .pipe(reply)
      else reply.end()
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Opens a stream that stalls, and reads it up to its text. */
async function openStalled(protocol: Protocol, abortSignal?: AbortSignal) {
  mock.use({ text: ['a', 'b', 'c', 'd', 'e'], fault: faults.stall({ text: 2 }) })
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }]
  const { stream } = await model(protocol).doStream({ prompt, ...(abortSignal && { abortSignal }) })
  const reader = stream.getReader()
  for (let part = await reader.read(); part.value?.type !== 'text-delta';) part = await reader.read()
  expect(mock.openResponses).toBe(1)
  return reader
}

test.each(protocols)('over %s an abort closes the socket to the service', async (protocol) => {
  const controller = new AbortController()
  const reader = await openStalled(protocol, controller.signal)
  const reason = new Error('enough')
  controller.abort(reason)
  await expect(reader.closed).rejects.toBe(reason)
  await vi.waitFor(() => expect(mock.openResponses).toBe(0))
})

test.each(protocols)('over %s cancelling the stream closes the socket to the service', async (protocol) => {
  const reader = await openStalled(protocol)
  await reader.cancel()
  await vi.waitFor(() => expect(mock.openResponses).toBe(0))
})

test.each(protocols)(
  'over %s a chat goes through a route handler to a browser, with tools and reasoning',
  async (protocol) => {
    mock.use([
      { reasoning: 'I look.', toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Ulm"}' }] },
      { text: ['Sunny', ' 👋'] },
    ])
    const weather = tool({ inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `sunny in ${city}` })
    const app = await serve(async (request) => {
      const { messages } = (await request.json()) as { messages: UIMessage[] }
      const result = streamText({
        model: model(protocol),
        messages: await convertToModelMessages(messages),
        tools: { weather },
        reasoning: 'high',
        stopWhen: isStepCount(2),
        abortSignal: request.signal,
      })
      return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) })
    })
    try {
      const messages: UIMessage[] = [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Ulm?' }] }]
      const chat = new DefaultChatTransport({ api: app.url })
      const stream = await chat.sendMessages({
        chatId: '1',
        trigger: 'submit-message',
        messageId: undefined,
        messages,
        abortSignal: undefined,
      })
      let last: UIMessage | undefined
      for await (const message of readUIMessageStream({ stream })) last = message
      expect(last?.parts).toMatchObject([
        { type: 'step-start' },
        { type: 'reasoning', text: 'I look.', state: 'done' },
        { type: 'tool-weather', toolCallId: 'call_1', state: 'output-available', output: 'sunny in Ulm' },
        { type: 'step-start' },
        { type: 'text', text: 'Sunny 👋', state: 'done' },
      ])
    } finally {
      await app.close()
    }
  },
)

test.each(protocols)('over %s a browser that leaves ends the call to the service', async (protocol) => {
  mock.use({ text: ['a', 'b', 'c', 'd', 'e'], fault: faults.stall({ text: 2 }) })
  const app = await serve(async (request) => {
    const result = streamText({
      model: model(protocol),
      prompt: 'Hi',
      abortSignal: request.signal,
    })
    return createUIMessageStreamResponse({ stream: toUIMessageStream({ stream: result.stream }) })
  })
  try {
    const browser = new AbortController()
    const response = await fetch(app.url, { method: 'POST', body: '{}', signal: browser.signal })
    const reader = response.body?.getReader()
    await reader?.read()
    await vi.waitFor(() => expect(mock.openResponses).toBe(1))
    browser.abort()
    await vi.waitFor(() => expect(mock.openResponses).toBe(0))
  } finally {
    await app.close()
  }
})

test.each(protocols)(
  'over %s a video over the inline limit is uploaded once for all steps of a loop',
  async (protocol) => {
    const data = new Uint8Array(9_000_000)
    const file = { type: 'file' as const, mediaType: 'video/mp4', data }
    const messages: ModelMessage[] = [{ role: 'user', content: [file, { type: 'text', text: 'What is it?' }] }]
    mock.use([{ toolCalls: [{ name: 'now', arguments: '{}' }] }, { text: 'Black.' }])
    const now = tool({ inputSchema: z.object({}), execute: () => 'noon' })
    const { text } = await generateText({ model: model(protocol), messages, tools: { now }, stopWhen: isStepCount(2) })
    expect(text).toBe('Black.')
    expect(mock.requests.map(({ endpoint }) => endpoint)).toEqual(['policy', 'upload', 'chat', 'chat'])
    expect(JSON.stringify(mock.requests[3]?.body)).toMatch(/"oss:\/\//)
  },
)

test('a video that the caller has changed since is uploaded again', async () => {
  const data = new Uint8Array(9_000_000)
  const messages: ModelMessage[] = [{ role: 'user', content: [{ type: 'file', mediaType: 'video/mp4', data }] }]
  await generateText({ model: model('dashscope'), messages })
  data[5_000_000] = 1
  await generateText({ model: model('dashscope'), messages })
  expect(mock.requests.map(({ endpoint }) => endpoint)).toEqual([
    'policy',
    'upload',
    'chat',
    'policy',
    'upload',
    'chat',
  ])
})

test.each(protocols)(
  'over %s URLs are passed on and not downloaded, with fps, maxFrames and frame lists',
  async (protocol) => {
    const frames = [1, 2, 3, 4].map((number) => ({
      type: 'file' as const,
      mediaType: 'image',
      data: url(`${number}.jpg`),
      providerOptions: { dualscope: { frameOf: 'match', fps: 4 } },
    }))
    const content: ModelMessage[] = [
      {
        role: 'user',
        content: [
          ...frames,
          {
            type: 'file',
            mediaType: 'video/mp4',
            data: url('a.mp4'),
            providerOptions: { dualscope: { fps: 0.5, maxFrames: 30 } },
          },
          { type: 'file', mediaType: 'image/png', data: url('a.png') },
          { type: 'text', text: 'What?' },
        ],
      },
    ]
    const { text, warnings } = await generateText({ model: model(protocol), messages: content })
    const most = protocol === 'dashscope' ? ' with at most 30 frames' : ''
    expect(text).toBe(`You said: What?\nI see 1 image, a video of 4 frames at 4 fps, 1 video at 0.5 fps${most}.`)
    expect(warnings?.length).toBe(protocol === 'dashscope' ? 0 : 1)
  },
)

test.each(protocols)('over %s small files of every kind of data go inline', async (protocol) => {
  const png = Uint8Array.from(
    atob(
      'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR4nGNk+M9AEmAiTfmohlEYAAA5EgEfyEQz0AAAAABJRU5ErkJggg==',
    ),
    (letter) => letter.charCodeAt(0),
  )
  const base64 = btoa(String.fromCharCode(...png))
  const content: ModelMessage[] = [
    {
      role: 'user',
      content: [
        { type: 'file', mediaType: 'image/png', data: png },
        { type: 'file', mediaType: 'image', data: base64 },
        { type: 'file', mediaType: 'image', data: new URL(`data:image/png;base64,${base64}`) },
        { type: 'text', text: './cat.png' },
      ],
    },
  ]
  const { text } = await generateText({ model: model(protocol), messages: content })
  expect(text).toBe('You said: ./cat.png\nI see 3 images.')
  expect(JSON.stringify(mock.requests[0]?.body).match(/data:image\/png;base64,iVBOR/g)).toHaveLength(3)
})
