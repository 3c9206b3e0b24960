import { createMock } from '@dualscope/testing'
import { afterEach, expect, test, vi } from 'vitest'

import { connect, type ProtocolChoice } from './connect.ts'

const apiKey = 'sk-test'
const model = 'kimi-k2.5'

afterEach(() => vi.unstubAllEnvs())

async function protocolOf(protocol?: ProtocolChoice): Promise<string> {
  const { protocol: answered } = await connect({ protocol, model, apiKey, fetch: createMock().fetch }).chat('hi')
  return answered
}

test('the protocol is that of the argument, else of the environment, else compatible', async () => {
  vi.stubEnv('DUALSCOPE_PROTOCOL', '')
  expect(await protocolOf()).toBe('compatible')
  vi.stubEnv('DUALSCOPE_PROTOCOL', 'dashscope')
  expect(await protocolOf()).toBe('dashscope')
  expect(await protocolOf('compatible')).toBe('compatible')
})

test.each(['compatible,dashscope', 'dashscope , compatible'])('%s asks in that order', async (order) => {
  const [first, second] = order.split(',').map((name) => name.trim())
  const mock = createMock()
  vi.stubEnv('DUALSCOPE_PROTOCOL', order)
  const client = connect({ model, apiKey, retries: 0, fetch: mock.fetch })
  expect((await client.chat('hi')).protocol).toBe(first)
  mock.use({ type: 'error', status: 503, code: 'ServiceUnavailable', message: 'Too busy.' })
  expect((await client.chat('hi')).protocol).toBe(second)
  expect(mock.requests.map(({ protocol }) => protocol)).toEqual([first, first, second])
})

test('what one protocol cannot carry goes to the other one', async () => {
  const client = connect({ protocol: 'compatible,dashscope', model, apiKey, fetch: createMock().fetch })
  const video = { type: 'video', video: 'https://example.com/a.mp4', maxFrames: 10 } as const
  expect((await client.chat({ messages: [{ role: 'user', content: [video] }] })).protocol).toBe('dashscope')
})

test.each(['grpc', 'compatible,grpc', 'compatible,', 'toString'])(
  'the unknown protocol %s is a configuration error of the first call, whole or streamed',
  async (protocol) => {
    const mock = createMock()
    const client = connect({ protocol: protocol as ProtocolChoice, model, apiKey, fetch: mock.fetch })
    const refusal = { name: 'DualscopeError', code: 'configuration', message: expect.stringContaining('is unknown') }
    await expect(client.chat('hi')).rejects.toMatchObject(refusal)
    await expect(client.stream('hi').result()).rejects.toMatchObject(refusal)
    expect(mock.requests).toEqual([])
  },
)

test('transport options reach the transport', async () => {
  const client = connect({ model, region: 'frankfurt', apiKey, fetch: createMock().fetch })
  await expect(client.chat('hi')).rejects.toMatchObject({ code: 'configuration' })
})
