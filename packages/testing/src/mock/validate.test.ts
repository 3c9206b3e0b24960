import { expect, test } from 'vitest'

import { faults } from '../faults/faults.ts'
import { createMock, type MockOptions } from './mock.ts'
import type { Scenario } from './scenario.ts'

test.each<[object, RegExp]>([
  [{ stric: false }, /^stric: unknown; did you mean strict\?$/],
  [{ scenarios: [] }, /^scenarios: unknown; it can be strict, apiKey/],
  [{ latency: -1 }, /^latency: must be at least 0, got -1$/],
  [{ pieceSize: 0 }, /^pieceSize: must be at least 1, got 0$/],
  [{ streamErrors: 'sse' }, /^streamErrors: must be "frame" or "http", got "sse"$/],
])('the option %j of a mock is refused when it is created', (options, message) => {
  expect(() => createMock(options as MockOptions)).toThrow(message)
})

test.each<[object, RegExp]>([
  [{ txt: 'Hello' }, /^txt: unknown; did you mean text\?$/],
  [{ toolCalls: [{ name: 'f', arguments: { a: 1 } }] }, /^toolCalls\[0\]\.arguments: must be/],
  [{ type: 'error', code: 'x', message: 'y' }, /^status: missing$/],
  [{ type: 'error', status: 42, code: 'x' }, /^status: must be at least 200, got 42$/],
  [{ type: 'raw', text: 'Hello' }, /^body: missing; it must be a string or a Uint8Array$/],
  [{ type: 'answers' }, /^type: must be "answer"/],
  [{ fault: { type: 'ends' } }, /^fault\.type: must be/],
  [{ fault: faults.end }, /^fault: must be/],
  [{ text: 5 }, /^text: must be/],
])('the scenario %j is refused when it is queued', (scenario, message) => {
  const mock = createMock()
  expect(() => mock.use([{ text: 'first' }, scenario as Scenario])).toThrow(message)
  expect(mock.queued).toBe(0)
})

test('every fault can be queued', () => {
  const mock = createMock()
  const all = Object.values(faults).map((create) => (create as (value?: number) => Scenario['fault'])(1))
  for (const fault of all) mock.use({ text: 'Hello', fault })
  expect(mock.queued).toBe(all.length)
})

test('an error scenario without a message has one that says where it comes from', async () => {
  const mock = createMock()
  mock.use({ type: 'error', status: 500, code: 'InternalError' })
  const response = await mock.fetch('https://a.test/compatible-mode/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: 'Bearer sk-a', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }] }),
  })
  expect(await response.text()).toContain('The scenario answers 500 InternalError.')
})
