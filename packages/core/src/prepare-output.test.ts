import { expect, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

import type { Message } from './message.ts'
import type { ModelInfo } from './model-info.ts'
import { modelInfo } from './models.ts'
import type { OutputSpec } from './output.ts'
import { askForOutput } from './prepare-output.ts'
import type { PreparedRequest } from './prepare.ts'

const city = z.object({ city: z.string() })
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const instruction = 'Answer with JSON alone, without any text around it.'
const fitting = `${instruction} It must fit this JSON Schema:\n${JSON.stringify(schema)}`

async function ask(output: OutputSpec, messages: readonly Message[], info?: ModelInfo): Promise<PreparedRequest> {
  const request: PreparedRequest = { model: 'm', info, thinking: {}, messages: Object.freeze(messages) }
  await askForOutput(request, output)
  return request
}

test('the word that JSON mode demands is added where no message has it', async () => {
  const messages: Message[] = [{ role: 'user', content: 'Where is the Colosseum?' }]
  const { output, messages: sent } = await ask('json', messages)
  expect(output).toBe('json')
  expect(sent).toEqual([{ role: 'user', content: `Where is the Colosseum?\n\n${instruction}` }])
  expect(messages[0]?.content).toBe('Where is the Colosseum?')
})

test.each<Message[]>([
  [{ role: 'user', content: 'In Json, please' }],
  [
    {
      role: 'user',
      content: [
        { type: 'image', image: 'https://a.b' },
        { type: 'text', text: 'as JSON' },
      ],
    },
  ],
  [
    { role: 'system', content: 'Speak json.' },
    { role: 'user', content: 'hi' },
  ],
])('nothing is added where a message has it in any case: %j', async (...messages) => {
  expect((await ask('json', messages)).messages).toBe(messages)
})

test('a schema is told in any case, in the system message where there is one', async () => {
  const question: Message = { role: 'user', content: 'Where? Answer in JSON.' }
  expect((await ask(city, [question])).messages).toEqual([
    { role: 'user', content: `Where? Answer in JSON.\n\n${fitting}` },
  ])
  expect((await ask(city, [{ role: 'system', content: 'Be brief.' }, question])).messages).toEqual([
    { role: 'system', content: `Be brief.\n\n${fitting}` },
    question,
  ])
})

test('a marked prefix stays as it is: the instruction is a part behind it', async () => {
  const marked = { type: 'text', text: 'Be brief.', cache: true } as const
  const [system] = (
    await ask('json', [
      { role: 'system', content: [marked] },
      { role: 'user', content: 'hi' },
    ])
  ).messages
  expect(system?.content).toEqual([marked, { type: 'text', text: `\n\n${instruction}` }])
})

test('the last user message takes it in a conversation without rules', async () => {
  const messages: Message[] = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: 'b' },
    { role: 'user', content: [{ type: 'image', image: 'https://a.b' }] },
    { role: 'assistant', content: '', toolCalls: [{ id: '1', name: 'n', arguments: '' }] },
    { role: 'tool', toolCallId: '1', content: 'c' },
  ]
  const { messages: sent } = await ask('json', messages)
  expect(sent.map((message, index) => message === messages[index])).toEqual([true, true, false, true, true])
})

test('zod, zod/mini and a JSON Schema with its dialect go out as the same schema', async () => {
  const dialect = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }
  for (const spec of [city, mini.object({ city: mini.string() }), dialect]) {
    expect((await ask(spec, [{ role: 'user', content: 'a' }])).messages[0]?.content).toBe(`a\n\n${fitting}`)
  }
})

test('a model that can be held to a schema is, and needs no words', async () => {
  const row = modelInfo('kimi-k3') as ModelInfo
  const info = { ...row, features: { ...row.features, jsonSchema: true } }
  const messages: Message[] = [{ role: 'user', content: 'a' }]
  const request = await ask(city, messages, info)
  expect(request.output).toEqual({ schema })
  expect(request.messages).toBe(messages)
  expect((await ask('json', messages, info)).output).toBe('json')
})

test('a type that no JSON Schema can express is refused with its place', async () => {
  await expect(ask(z.object({ at: z.date() }), [{ role: 'user', content: 'a' }])).rejects.toMatchObject({
    code: 'validation',
    message: 'output: Date cannot be represented in JSON Schema; take a type that JSON has',
  })
})
