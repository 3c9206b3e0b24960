import { createClient } from '@dualscope/core'
import { createMock, faults } from '@dualscope/testing'
import { handlers } from '@dualscope/testing/msw'
import { listen } from '@dualscope/testing/server'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { answer } from './assistant.ts'
import { transports } from './transports.ts'

const mock = createMock()
const server = setupServer(...handlers(mock))
beforeAll(() => server.listen({ onUnhandledFrame: 'bypass' }))
afterEach(() => {
  // Whatever a test was about: nothing was sent that the documents forbid.
  const issues = mock.requests.flatMap((request) => request.issues)
  mock.reset()
  if (issues.length > 0) throw new Error(JSON.stringify(issues))
})
afterAll(() => server.close())

function lookUp(city: string) {
  return `sunny in ${city}`
}
const asksForUlm = { toolCalls: [{ name: 'weather', arguments: '{"city":"Ulm"}' }] }

// On msw: the app reaches for the real host, and the mock answers. No code of the app is touched.
test.each(Object.entries(transports))('over %s the assistant looks the weather up', async (protocol, connect) => {
  mock.use([asksForUlm, { text: ['It is sunny', ' in Ulm.'] }])
  const client = createClient({ transport: connect({ apiKey: 'test' }), model: 'kimi-k2.5' })
  expect(await answer(client, 'How is the weather in Ulm?', lookUp)).toBe('It is sunny in Ulm.')
  expect(mock.requests.map((request) => request.protocol)).toEqual([protocol, protocol])
  expect(JSON.stringify(mock.requests[1]?.body)).toContain('sunny in Ulm')
})

// On the loopback server: real sockets, and the way to test an app in another process or language.
test.each(Object.entries(transports))('over %s it works on a real socket', async (_protocol, connect) => {
  const { url, close } = await listen(mock)
  try {
    mock.use([asksForUlm, { text: 'It is sunny.' }])
    const client = createClient({ transport: connect({ apiKey: 'test', baseUrl: url }), model: 'kimi-k2.5' })
    expect(await answer(client, 'How is the weather in Ulm?', lookUp)).toBe('It is sunny.')
  } finally {
    await close()
  }
})

// With injected faults: what users see when the line breaks, and when the limit is reached.
test.each(Object.entries(transports))('over %s a broken line leaves what had come', async (_protocol, connect) => {
  mock.use({
    text: ['It is ', 'sunny', ' in Ulm and', ' elsewhere.'],
    fault: [faults.split(5), faults.reset({ text: 2 })],
  })
  const client = createClient({ transport: connect({ apiKey: 'test', fetch: mock.fetch }), model: 'kimi-k2.5' })
  expect(await answer(client, 'How is it?', lookUp)).toMatch(/^It is .*… \(the rest was lost\)$/)
})

test.each(Object.entries(transports))('over %s a throttle is told in plain words', async (_protocol, connect) => {
  mock.use({ fault: faults.throttle(120) })
  const client = createClient({ transport: connect({ apiKey: 'test', fetch: mock.fetch }), model: 'kimi-k2.5' })
  expect(await answer(client, 'How is it?', lookUp)).toBe('Too many questions; try again in a minute.')
})
