import fc from 'fast-check'
import { expect, test } from 'vitest'

import { fitPlain } from './fit-plain.ts'
import { knownModels } from '../models/catalogue.ts'
import type { Message } from '../chat/message.ts'
import { prepareRequest } from '../request/prepare.ts'
import type { TransportRequest } from '../transport.ts'

const words = fc.constantFrom('', 'Hi', 'JSON')
const assistant = fc.record(
  {
    role: fc.constant('assistant' as const),
    content: words,
    reasoning: words,
    toolCalls: fc.constantFrom([], [{ id: '1', name: 'now', arguments: '{}' }]),
    partial: fc.boolean(),
  },
  { requiredKeys: ['role', 'content'] },
)
const message: fc.Arbitrary<Message> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ role: fc.constantFrom('user' as const, 'system' as const), content: words }) },
  assistant,
  fc.constant({ role: 'user', content: [{ type: 'text', text: 'Hi', cache: true }] }),
  fc.constant({ role: 'tool', toolCallId: '1', content: 'noon' }),
)
const settings = {
  thinking: fc.constantFrom(undefined, true, false, { budget: 10 }),
  temperature: fc.constant(0.6),
  topP: fc.constant(0.9),
  topK: fc.constantFrom(undefined, 5),
  maxTokens: fc.constantFrom(undefined, 10),
  search: fc.constantFrom(undefined, true, false),
  output: fc.constantFrom(undefined, 'json' as const),
  tools: fc.constantFrom(undefined, [], [{ name: 'now', description: 'Tells the time' }]),
}
const someSettings = fc
  .subarray(Object.keys(settings) as (keyof typeof settings)[], { maxLength: 2 })
  .chain((names) => fc.record(settings, { requiredKeys: names }).map((all) => pick(all, names)))
const request: fc.Arbitrary<TransportRequest> = fc
  .record({
    messages: fc.array(message, { maxLength: 3 }),
    model: fc.constantFrom('qwen-plus', ...knownModels.map(({ id }) => id)),
    set: someSettings,
  })
  .map(({ set, ...asked }) => ({ ...set, ...asked }))

function pick<T extends object>(all: T, names: readonly (keyof T)[]): Partial<T> {
  const some: Partial<T> = {}
  for (const name of names) some[name] = all[name]
  return some
}

test('what is plain is fitted as everything else is', async () => {
  let plain = 0
  await fc.assert(
    fc.asyncProperty(request, fc.boolean(), async (candidate, validate) => {
      const fitted = fitPlain(candidate)
      if (!fitted) return
      plain += 1
      const { request, unsupported } = await prepareRequest(candidate, { validate })
      expect(fitted).toEqual({ request: { ...request, plain: true }, unsupported })
    }),
    { numRuns: 5_000 },
  )
  // Else it has shown nothing.
  expect(plain).toBeGreaterThan(100)
})

test('the messages are those of the moment of the call, whatever becomes of the list', () => {
  const messages: Message[] = [{ role: 'user', content: 'Hi' }]
  const fitted = fitPlain({ model: 'kimi-k2.5', messages })
  messages.push({ role: 'user', content: 'And?' })
  expect(fitted?.request.messages).toEqual([{ role: 'user', content: 'Hi' }])
})

test('what is no flag is not taken for one', () => {
  // As an application without types may ask.
  const asked = JSON.parse('{ "model": "kimi-k2.5", "messages": [], "thinking": "auto" }') as TransportRequest
  expect(fitPlain(asked)).toBeUndefined()
})

test.for<TransportRequest>([
  { model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }] },
  { model: 'kimi-k2.5', messages: [{ role: 'user', content: 'Hi' }], thinking: true, temperature: 0.6 },
  { model: 'kimi-k2-thinking', messages: [{ role: 'user', content: 'Hi' }], search: undefined },
  {
    model: 'qwen-plus',
    messages: [
      { role: 'system', content: 'Say please.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: 'Who are you?' },
    ],
  },
])('a chat in words is plain', (candidate) => {
  expect(fitPlain(candidate)).toBeDefined()
})
