import { expect, test } from 'vitest'

import type { TransportRequest } from '../chat/request.ts'
import { prepareRequest } from './prepare.ts'

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

const image = { type: 'image', image: 'https://example.com/a.png' } as const
const video = { type: 'video', video: 'https://example.com/a.mp4' } as const
const frames = { type: 'frames', frames: Array<string>(4).fill('https://example.com/a.png') } as const
const words = { type: 'text', text: 'What is it?' } as const

test.each([
  ['kimi-k2-thinking', [image, words, video, frames], [0, 2, 3]],
  ['kimi-k3', [image, video, words, frames], [1, 3]],
  ['kimi-k2.5', [image, video, words, frames], []],
  ['unknown', [image, video, words, frames], []],
] as const)(
  '%s has the parts taken out that it cannot take in, and says which models can',
  async (model, content, bad) => {
    const { prepared, paths, unsupported } = await prepare(model, { messages: [{ role: 'user', content }] })
    expect(paths).toEqual(bad.map((index) => `messages[0].content[${index}]`))
    for (const { message } of unsupported) expect(message).toContain('kimi-k2.5')
    expect(prepared.messages[0]?.content).toEqual(content.filter((_, index) => !bad.some((other) => other === index)))
  },
)

test('a message of which nothing would be left is refused', async () => {
  const request = { messages: [{ role: 'user', content: [image] }] } as const
  await expect(prepare('kimi-k2-thinking', request)).rejects.toMatchObject({ code: 'unsupported' })
})

test.each([
  ['kimi-k2.5', { maxTokens: 32_769 }, 'maxTokens: must be at most 32768'],
  ['kimi-k2-thinking', { maxTokens: 16_385 }, 'maxTokens: must be at most 16384'],
  ['Moonshot-Kimi-K2-Instruct', { maxTokens: 8_193 }, 'maxTokens: must be at most 8192'],
  ['kimi-k2.5', { thinking: { budget: 32_769 } }, 'thinking.budget: must be at most 32768'],
  ['kimi-k2.5', { thinking: true, maxCompletionTokens: 65_537 }, 'maxCompletionTokens: must be at most 65536'],
  ['kimi-k2.5', { maxCompletionTokens: 32_769 }, 'maxCompletionTokens: must be at most 32768'],
] as const)('%s refuses %j', async (model, request, message) => {
  await expect(prepare(model, request)).rejects.toMatchObject({
    code: 'validation',
    message: expect.stringContaining(message) as string,
  })
  await prepare(model, request, false)
  await prepare('unknown', request)
})

test('a model takes as many tokens as it has', async () => {
  const most = { maxTokens: 32_768, thinking: { budget: 32_768 }, maxCompletionTokens: 65_536 }
  expect((await prepare('kimi-k2.5', most)).prepared).toMatchObject({ maxTokens: 32_768, maxCompletionTokens: 65_536 })
})

test('places are those of the caller, also behind messages that are left out or added', async () => {
  const image = { type: 'image', image: 'https://example.com/a.png' } as const
  const { prepared, paths } = await prepare('kimi-k2-thinking', {
    messages: [
      { role: 'assistant', content: '', reasoning: 'cut' },
      { role: 'user', content: 'hi' },
      { role: 'user', content: [{ type: 'text', text: 'a', cache: true }, image] },
    ],
    output: { type: 'object' },
  })
  expect(paths).toContain('messages[2].content[1]')
  expect(prepared.places).toEqual(['the instruction for output', 'messages[1]', 'messages[2]'])
})

test('a schema that JSON cannot express is refused at its place, also of a tool that is not run here', async () => {
  const circle: Record<string, unknown> = { type: 'object' }
  circle['properties'] = { inner: circle }
  const tool = { name: 'a', description: 'a' }
  await expect(prepare('kimi-k2.5', { tools: [{ ...tool, input: circle }] })).rejects.toMatchObject({
    code: 'validation',
    message: expect.stringMatching(/^tools\[0\]\.input\..*: nests deeper than 200 levels, or in a circle$/) as string,
  })
  const large = { type: 'object', properties: { n: { type: 'integer', maximum: 10n } } }
  await expect(prepare('kimi-k2.5', { output: large })).rejects.toMatchObject({
    code: 'validation',
    message: 'output.properties.n.maximum: cannot be written as JSON, got a bigint',
  })
})
