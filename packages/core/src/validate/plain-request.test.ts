import fc from 'fast-check'
import { expect, test } from 'vitest'

import { isPlainRequest } from './plain-request.ts'
import type { TransportRequest } from '../transport.ts'
import { validateRequest } from '../request/validate.ts'

const numbers = [0, -1, 0.5, 1, 1.999, 2, 3.5, NaN, Infinity, 2 ** 60]
const odd = fc.constantFrom<unknown>(undefined, null, true, '', 'x', [], {}, [1], ['x'], ...numbers)
const names = `thinking maxTokens maxCompletionTokens temperature topP topK presencePenalty seed stop logprobs tools
  toolChoice parallelToolCalls output search extra temprature`
const fields = (...names: string[]) =>
  fc.subarray(names, { maxLength: 2 }).chain((some) => fc.record(Object.fromEntries(some.map((name) => [name, odd]))))
const merged = (parts: readonly object[]): object => Object.assign({}, ...parts) as object

const message = fc
  .tuple(
    fc.record({
      role: fc.constantFrom('user', 'user', 'user', 'system', 'assistant', 'tool', 'toString'),
      content: fc.oneof({ weight: 5, arbitrary: fc.string() }, odd),
    }),
    fc.oneof(
      { weight: 5, arbitrary: fc.constant({}) },
      fields('reasoning', 'toolCalls', 'partial', 'toolCallId', 'name'),
    ),
  )
  .map(merged)
const request = fc
  .tuple(
    fc.record({ messages: fc.oneof({ weight: 9, arbitrary: fc.array(message, { maxLength: 3 }) }, odd) }),
    fc.oneof({ weight: 9, arbitrary: fc.constant({ model: 'kimi-k2.5' }) }, fc.record({ model: odd })),
    fields(...names.split(/\s+/)),
  )
  // Of any shape: that is what is tried.
  .map((parts) => merged(parts) as TransportRequest)

test('what is plain is right', () => {
  let plain = 0
  fc.assert(
    fc.property(request, (candidate) => {
      if (!isPlainRequest(candidate)) return
      plain += 1
      expect(() => validateRequest(candidate)).not.toThrow()
    }),
    { numRuns: 10_000 },
  )
  // Else it has shown nothing.
  expect(plain).toBeGreaterThan(100)
})

const hi = { role: 'user', content: 'Hi' } as const

test.for<TransportRequest>([
  { model: 'kimi-k2.5', messages: [hi] },
  { model: 'kimi-k2.5', messages: [hi], thinking: true, temperature: 0.6, maxTokens: 100, search: undefined },
  {
    model: 'kimi-k2.5',
    messages: [{ role: 'system', content: '' }, hi, { role: 'assistant', content: 'Hello', reasoning: 'Hm' }, hi],
  },
])('a chat in words is plain', (candidate) => {
  expect(isPlainRequest(candidate)).toBe(true)
})

test.for<TransportRequest>([
  {
    model: 'kimi-k2.5',
    messages: [{ role: 'user', content: [{ type: 'image', image: 'https://example.com/a.png' }] }],
  },
  { model: 'kimi-k2.5', messages: [hi], tools: [{ name: 'now', description: '' }] },
  { model: 'kimi-k2.5', messages: [hi, { role: 'assistant', content: 'x', partial: true }] },
  { model: 'kimi-k2.5', messages: [hi], extra: { anything: 1 } },
])('what is right need not be plain', (candidate) => {
  expect(isPlainRequest(candidate)).toBe(false)
  expect(() => validateRequest(candidate)).not.toThrow()
})
