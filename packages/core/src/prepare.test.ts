import { expect, test } from 'vitest'

import { prepareRequest } from './prepare.ts'
import type { TransportRequest } from './transport.ts'

const messages = [{ role: 'user', content: 'hi' }] as const

async function prepare(model: string, request: Partial<TransportRequest>, validate = true) {
  const { request: prepared, unsupported } = await prepareRequest({ model, messages, ...request }, { validate })
  return { prepared, paths: unsupported.map(({ path }) => path), unsupported }
}

test.each([
  // Asked of a model that can do both: sent as asked.
  ['kimi-k2.5', true, { enable: true }],
  ['kimi-k2.5', false, { enable: false }],
  ['kimi-k2.5', undefined, { enable: undefined }],
  ['kimi-k2.5', { budget: 10 }, { enable: true, budget: 10 }],
  // Fulfilled by nature: nothing to send.
  ['kimi-k2-thinking', true, {}],
  ['kimi-k2-thinking', { budget: 10 }, { budget: 10 }],
  ['kimi-k2-thinking', { preserve: false }, {}],
  ['Moonshot-Kimi-K2-Instruct', false, {}],
  ['kimi-k3', { preserve: true, effort: 'low' }, { effort: 'low' }],
  ['kimi-k2.6', { preserve: true }, { enable: true, preserve: true }],
  ['kimi-k2.7-code', { preserve: false }, { preserve: false }],
  // Unknown: sent as asked.
  [
    'qwen-plus',
    { budget: 10, preserve: true, effort: 'max' },
    { enable: true, budget: 10, preserve: true, effort: 'max' },
  ],
] as const)('%s with thinking %j sends %j', async (model, thinking, sent) => {
  const { prepared, paths } = await prepare(model, { thinking })
  expect(prepared.thinking).toEqual(sent)
  expect(paths).toEqual([])
})

test.each([
  ['kimi-k2-thinking', false, 'thinking'],
  ['Moonshot-Kimi-K2-Instruct', true, 'thinking'],
  ['Moonshot-Kimi-K2-Instruct', { budget: 10 }, 'thinking'],
  ['kimi-k3', { budget: 10 }, 'thinking.budget'],
  ['kimi-k3', { preserve: false }, 'thinking.preserve'],
  ['kimi-k2.5', { preserve: true }, 'thinking.preserve'],
  ['kimi-k2.5', { effort: 'max' }, 'thinking.effort'],
  ['kimi/kimi-k3', { effort: 'low' }, 'thinking.effort'],
] as const)('%s cannot do thinking %j, and says which models can', async (model, thinking, path) => {
  const { unsupported, paths } = await prepare(model, { thinking })
  expect(paths).toEqual([path])
  expect(unsupported[0]?.message).toMatch(/kimi-k/)
  expect((await prepare(model, { thinking }, false)).paths).toEqual([])
})

test('parameters that a model does not let one set are taken out and named', async () => {
  const request = { topP: 0.9, topK: 5, presencePenalty: 0, temperature: 1, logprobs: true }
  const { prepared, paths } = await prepare('kimi-k2-thinking', request)
  expect(paths.toSorted()).toEqual(['logprobs', 'presencePenalty', 'topK', 'topP'])
  expect(prepared).toMatchObject({ temperature: 1 })
  expect(prepared).not.toHaveProperty('topP')
  expect((await prepare('unknown', request)).paths).toEqual([])
})

const history = [
  { role: 'user', content: 'a' },
  { role: 'assistant', content: 'b', reasoning: 'plain' },
  { role: 'assistant', content: '', reasoning: 'tools', toolCalls: [{ id: '1', name: 'n', arguments: '{}' }] },
  { role: 'tool', toolCallId: '1', content: 'c' },
] as const

test.each([
  ['kimi-k2.5', true, ['tools']],
  ['kimi-k2-thinking', undefined, ['tools']],
  ['kimi-k2.6', true, ['tools']],
  ['kimi-k2.6', { preserve: true }, ['plain', 'tools']],
  ['kimi-k2.7-code', undefined, ['plain', 'tools']],
  ['kimi-k2.7-code', { preserve: false }, ['tools']],
  ['kimi-k3', undefined, ['plain', 'tools']],
  ['unknown', true, ['tools']],
  ['unknown', { preserve: true }, ['plain', 'tools']],
] as const)('%s with thinking %j gets the reasoning %j back', async (model, thinking, reasoning) => {
  const { prepared } = await prepare(model, { thinking, messages: history })
  const sent = prepared.messages.flatMap((message) =>
    message.role === 'assistant' && message.reasoning !== undefined ? [message.reasoning] : [],
  )
  expect(sent).toEqual(reasoning)
  expect(history[1]).toHaveProperty('reasoning', 'plain')
})
