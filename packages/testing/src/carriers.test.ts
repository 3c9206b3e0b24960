import { setupServer } from 'msw/node'
import { afterEach, expect, test, vi } from 'vitest'

import { faults } from './faults/faults.ts'
import { createMock, type Mock } from './mock/mock.ts'
import type { Scenario } from './mock/scenario.ts'
import { handlers } from './msw.ts'
import { listen } from './server.ts'

const host = 'https://dashscope.aliyuncs.com'
const scenario: Scenario = { reasoning: '思考', text: 'Hello, 世界!', toolCalls: [{ name: 'now' }] }
const requests = {
  compatible: {
    path: '/compatible-mode/v1/chat/completions',
    body: { model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }], stream: true },
  },
  dashscope: {
    path: '/api/v1/services/aigc/multimodal-generation/generation',
    body: { model: 'kimi-k2.5', input: { messages: [{ role: 'user', content: 'Hi' }] } },
  },
}

/** Servers to end after each test, whether it passes or fails. */
let started: (() => unknown)[] = []
afterEach(async () => {
  for (const end of started) await end()
  started = []
})

function intercept(mock: Mock) {
  const server = setupServer(...handlers(mock))
  server.listen({ onUnhandledFrame: 'error' })
  let listening = true
  const stop = () => {
    if (listening) server.close()
    listening = false
  }
  started.push(stop)
  return stop
}

async function serve(mock: Pick<Mock, 'respond'>) {
  const server = await listen(mock)
  let closing: Promise<void> | undefined
  const close = () => (closing ??= server.close())
  started.push(close)
  return { url: server.url, close }
}

function ask(
  fetch: Mock['fetch'],
  protocol: keyof typeof requests,
  base = host,
  init: RequestInit = {},
): Promise<Response> {
  return fetch(base + requests[protocol].path, {
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(requests[protocol].body),
    ...init,
  })
}

async function until(condition: () => boolean) {
  for (let turn = 0; turn < 200 && !condition(); turn += 1) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(condition()).toBe(true)
}

test.each(['compatible', 'dashscope'] as const)('%s: fetch, msw and HTTP carry the same bytes', async (protocol) => {
  const direct = createMock()
  direct.use(scenario)
  const expected = await (await ask(direct.fetch, protocol)).bytes()

  const intercepted = createMock()
  intercepted.use(scenario)
  const stop = intercept(intercepted)
  expect(await (await ask(globalThis.fetch, protocol)).bytes()).toEqual(expected)

  // It would answer for the loopback too.
  stop()

  const served = createMock()
  served.use(scenario)
  const { url } = await serve(served)
  const response = await ask(globalThis.fetch, protocol, url)
  expect(await response.bytes()).toEqual(expected)
  expect(response.headers.get('x-request-id')).toBe('00000000-0000-4000-8000-000000000001')
  expect(response.headers.get('access-control-allow-origin')).toBe('*')
})

test('over msw a refused connection rejects, and a body that breaks ends there', async () => {
  const mock = createMock()
  mock.use([{ fault: faults.noConnection() }, { text: 'Hi', fault: faults.reset({ bytes: 10 }) }])
  intercept(mock)
  await expect(ask(globalThis.fetch, 'compatible')).rejects.toThrow(TypeError)
  const broken = await ask(globalThis.fetch, 'compatible')
  expect(await broken.text()).toBe('data: {"ch')
})

test('over HTTP a broken body breaks the connection, and so does a refused one', async () => {
  const mock = createMock()
  mock.use([{ fault: faults.noConnection() }, { text: 'Hi', fault: faults.reset({ bytes: 10 }) }])
  const { url } = await serve(mock)
  await expect(ask(globalThis.fetch, 'compatible', url)).rejects.toThrow(TypeError)
  const broken = await ask(globalThis.fetch, 'compatible', url)
  await expect(broken.text()).rejects.toThrow('terminated')
})

test('over HTTP a client that leaves ends the stream, before its head and after', async () => {
  const mock = createMock()
  mock.use([{ text: ['a', 'b'], fault: faults.stall(1) }, { fault: faults.silence() }])
  const { url } = await serve(mock)
  const within = new AbortController()
  const { body } = await ask(globalThis.fetch, 'compatible', url, { signal: within.signal })
  await body!.getReader().read()
  expect(mock.openResponses).toBe(1)
  within.abort()
  await until(() => mock.openResponses === 0)
  await expect(ask(globalThis.fetch, 'compatible', url, { signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout')
})

test('over HTTP a stream waits for its reader', async () => {
  const mock = createMock()
  let written = 0
  const text = Array.from({ length: 2000 }, () => 'x'.repeat(10_000))
  mock.use({ text })
  const respond: Mock['respond'] = async (request, signal) => {
    const response = await mock.respond(request, signal)
    const counted = response.body!.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform: (bytes, controller) => {
          written += bytes.length
          controller.enqueue(bytes)
        },
      }),
    )
    return new Response(counted, response)
  }
  const { url } = await serve({ respond })
  const response = await ask(globalThis.fetch, 'compatible', url)
  await new Promise((resolve) => setTimeout(resolve, 300))
  // Some megabytes wait in the sockets of this machine; the rest has not been made yet.
  expect(written).toBeLessThan(18_000_000)
  expect((await response.text()).length).toBeGreaterThan(20_000_000)
})

test('close ends the streams that are open', async () => {
  const mock = createMock()
  mock.use({ text: ['a', 'b'], fault: faults.stall(1) })
  const { url, close } = await serve(mock)
  const { body } = await ask(globalThis.fetch, 'compatible', url)
  const reader = body!.getReader()
  await reader.read()
  const [ended] = await Promise.allSettled([reader.read(), close()])
  expect(ended.status).toBe('rejected')
  await until(() => mock.openResponses === 0)
})

test("a browser's preflight is answered", async () => {
  const { url } = await serve(createMock())
  const response = await fetch(url + requests.dashscope.path, {
    method: 'OPTIONS',
    headers: { 'access-control-request-headers': 'authorization,x-dashscope-sse' },
  })
  expect(response.status).toBe(204)
  expect(response.headers.get('access-control-allow-headers')).toBe('authorization,x-dashscope-sse')
})

test('an upload goes to the server that issued the policy', async () => {
  const { url } = await serve(createMock())
  const policy = `${url}/api/v1/uploads?action=getPolicy&model=kimi-k2.5`
  const { data } = await (await fetch(policy, { headers: { authorization: 'Bearer x' } })).json()
  expect(data.upload_host).toMatch(new RegExp(`^${url}/`))
})

test('the handlers of msw follow a baseUrl, and answer nothing else', async () => {
  const mock = createMock()
  const server = setupServer(...handlers(mock, { baseUrl: 'https://gateway.test/llm/compatible-mode/v1' }))
  server.listen()
  try {
    const init = {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }] }),
    }
    const response = await fetch('https://gateway.test/llm/compatible-mode/v1/chat/completions', init)
    expect(await response.text()).toContain('You said: Hi')
    expect(mock.requests[0]?.path).toBe('/compatible-mode/v1/chat/completions')
    await expect(fetch('https://elsewhere.test/compatible-mode/v1/chat/completions', init)).rejects.toThrow(TypeError)
    expect(mock.requests).toHaveLength(1)
  } finally {
    server.close()
  }
  expect(() => handlers(mock, { baseURL: 'https://a.test' } as never)).toThrow(
    'handlers: baseURL: unknown; did you mean baseUrl?',
  )
})

test('listen refuses unknown options and invalid ports', async () => {
  await expect(listen(createMock(), { ports: 1 } as never)).rejects.toThrow(
    'listen: ports: unknown; did you mean port?',
  )
  await expect(listen(createMock(), { port: 65_536 })).rejects.toThrow(
    'listen: port: must be a port from 0 to 65535, got 65536',
  )
})

function respond(): Promise<never> {
  return Promise.reject(new Error('my wrapper failed'))
}

test('an error that is not a fault of the mock reaches the client: over HTTP as 500 with its message', async () => {
  const { url } = await serve({ respond })
  const response = await fetch(`${url}/compatible-mode/v1/models`)
  expect({ status: response.status, text: await response.text() }).toEqual({
    status: 500,
    text: 'The mock failed: my wrapper failed\n',
  })
})

test('an error that is not a fault of the mock reaches the client: over msw as 500', async () => {
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const server = setupServer(...handlers({ respond }))
  server.listen()
  try {
    const response = await fetch('https://dashscope.aliyuncs.com/compatible-mode/v1/models')
    expect(response.status).toBe(500)
    expect(JSON.stringify(await response.json())).toContain('my wrapper failed')
  } finally {
    server.close()
    printed.mockRestore()
  }
})
