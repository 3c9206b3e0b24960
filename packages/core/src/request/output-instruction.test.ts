import { expect, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

import type { Message } from '../chat/message.ts'
import type { OutputSpec } from '../chat/output.ts'
import { modelInfo } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { prepareOutput } from './output-instruction.ts'
import { prepareRequest } from './prepare.ts'

const city = z.object({ city: z.string() })
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const instruction = 'Answer with JSON alone, without any text around it.'
const fitting = `${instruction} It must match this JSON Schema:\n${JSON.stringify(schema)}`

/** Returns the messages that are sent, and the caller's afterwards. */
async function ask(spec: OutputSpec, messages: readonly Message[]) {
  const { request, unsupported } = await prepareRequest(
    { model: 'kimi-k3', messages: Object.freeze(messages), output: spec },
    { validate: true },
  )
  expect(unsupported).toEqual([])
  expect(request.output).toBe('json')
  return { sent: request.messages, places: request.places }
}

const question: Message = { role: 'user', content: 'Where is the Colosseum?' }

test('the word that JSON mode demands is added where no message has it', async () => {
  const messages = [question]
  expect(await ask('json', messages)).toEqual({
    sent: [{ role: 'system', content: instruction }, question],
    places: ['the instruction for output', 'messages[0]'],
  })
  expect(messages).toEqual([{ role: 'user', content: 'Where is the Colosseum?' }])
})

test.each<Message[]>([
  [{ role: 'user', content: 'In Json, please' }],
  [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'Here are the notes.' },
        { type: 'text', text: 'as JSON' },
      ],
    },
  ],
  [{ role: 'system', content: 'Speak json.' }, question],
])('nothing is added where a message has it in any case: %j', async (...messages) => {
  expect((await ask('json', messages)).sent).toEqual(messages)
})

test('a schema is told in any case, in the system message where there is one', async () => {
  const asking: Message = { role: 'user', content: 'Where? Answer in JSON.' }
  expect((await ask(city, [asking])).sent).toEqual([{ role: 'system', content: fitting }, asking])
  expect(await ask(city, [{ role: 'system', content: 'Be brief.' }, asking])).toEqual({
    sent: [{ role: 'system', content: `Be brief.\n\n${fitting}` }, asking],
    places: ['messages[0]', 'messages[1]'],
  })
})

test('a marked prefix stays as it is: the instruction is a part behind it', async () => {
  const marked = { type: 'text', text: 'Be brief.', cache: true } as const
  const [system] = (await ask('json', [{ role: 'system', content: [marked] }, question])).sent
  expect(system?.content).toEqual([marked, { type: 'text', text: `\n\n${instruction}` }])
})

test.each([
  ['kimi-k2.5', city, fitting],
  ['Moonshot-Kimi-K2-Instruct', city, fitting],
  ['kimi-k2.6', 'json', instruction],
] satisfies [string, OutputSpec, string][])(
  '%s has no JSON mode: the instruction alone requests %j',
  async (model, output, expected) => {
    const messages: Message[] = [{ role: 'user', content: 'Where? Answer in JSON.' }]
    const { request, unsupported } = await prepareRequest({ model, messages, output }, { validate: true })
    expect(unsupported).toEqual([])
    expect(request).not.toHaveProperty('output')
    expect(request.messages[0]).toEqual({ role: 'system', content: expected })
    const unchecked = await prepareRequest({ model, messages, output }, { validate: false })
    expect(unchecked.request.output).toBe('json')
  },
)

test('zod, zod/mini and a JSON Schema with its dialect go out as the same schema', async () => {
  const dialect = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema }
  for (const spec of [city, mini.object({ city: mini.string() }), dialect]) {
    expect((await ask(spec, [question])).sent[0]?.content).toBe(fitting)
  }
})

test('a model that can be held to a schema is, and needs no words', async () => {
  const row = modelInfo('kimi-k3') as ModelInfo
  const features = { ...row.features, jsonSchema: true }
  expect(await prepareOutput(city, [question], features)).toEqual({ output: { schema } })
  expect(await prepareOutput('json', [question], features)).toEqual({ output: 'json', instruction })
})

test('a type that no JSON Schema can express is refused with its place', async () => {
  await expect(ask(z.object({ at: z.date() }), [question])).rejects.toMatchObject({
    code: 'validation',
    message: 'output: Date cannot be represented in JSON Schema; use a type that JSON can express',
  })
})
