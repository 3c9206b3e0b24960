import { expect, test } from 'vitest'
import * as z from 'zod'

import type { ChatChunk } from '../chat/chunk.ts'
import type { OutputSpec } from '../chat/output.ts'
import { createClient } from '../client.ts'
import { OutputError } from '../errors.ts'
import type { Transport } from '../transport.ts'

const weather = z.object({ city: z.string(), days: z.array(z.object({ degrees: z.number() })) })
const rome = { city: 'Rome', days: [{ degrees: 21 }] }

function ask<S extends OutputSpec>(output: S, chunk: ChatChunk) {
  const finished: ChatChunk = { finishReason: 'stop', rawFinishReason: 'stop', ...chunk }
  const transport: Transport = {
    protocol: 'test',
    send: () => Promise.resolve(finished),
    async *stream() {
      yield [finished]
    },
  }
  const client = createClient({ transport, model: 'm' })
  const request = { messages: [{ role: 'user', content: 'The weather as JSON' }], output } as const
  return { chat: () => client.chat(request), stream: () => client.stream(request) }
}

test('the answer is read by the type, and stream().result() gives the same', async () => {
  const asked = ask(weather, { text: JSON.stringify(rome) })
  const result = await asked.chat()
  expect(result.output.days[0]?.degrees).toBe(21)
  expect(await asked.stream().result()).toStrictEqual(result)
})

test('a type may transform, also asynchronously; a JSON Schema leaves the data as it is', async () => {
  const type = z.object({ at: z.string().transform(async (text) => new Date(text)) })
  const text = '{"at":"2026-02-05T00:00:00Z"}'
  expect((await ask(type, { text }).chat()).output.at.getUTCFullYear()).toBe(2026)
  const schema = { type: 'object', properties: { at: { type: 'string', format: 'date-time' } } }
  expect((await ask(schema, { text }).chat()).output).toEqual({ at: '2026-02-05T00:00:00Z' })
  expect((await ask('json', { text: ' [1, null] ' }).chat()).output).toEqual([1, null])
})

test.each<[string, OutputSpec, ChatChunk, RegExp, unknown]>([
  ['text', 'json', { text: 'Sunny.' }, /^The answer is not JSON$/, []],
  ['nothing', weather, { text: '' }, /^The answer is not JSON$/, []],
  ['half a text', weather, { text: '{"city":', finishReason: 'length' }, /not JSON: a token limit cut it$/, []],
  [
    'what does not fit the type',
    weather,
    { text: '{"city":"Rome","days":[{"degrees":"hot"}]}' },
    /^The answer does not match: days\[0\]\.degrees: .*expected number, received string$/,
    ['days', 0, 'degrees'],
  ],
  [
    'what does not fit the JSON Schema',
    { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    { text: '{}' },
    /^The answer does not match: .*required property "city"/,
    [],
  ],
])('%s is an output error with the text, the issues and the result', async (_, output, chunk, message, path) => {
  const asked = ask(output, { reasoning: 'hm', ...chunk })
  for (const failed of [asked.chat(), asked.stream().result()]) {
    const error: unknown = await failed.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(OutputError)
    expect(error).toMatchObject({
      code: 'output',
      text: chunk.text,
      issues: [{ path }],
      partial: { text: chunk.text, reasoning: 'hm', output: undefined },
    })
    expect((error as OutputError).message).toMatch(message)
  }
})

test('a block of code around the JSON, as models without JSON mode write it, is taken off', async () => {
  const text = `\n\`\`\`json\n${JSON.stringify(rome, undefined, 2)}\n\`\`\`\n`
  expect((await ask(weather, { text }).chat()).output).toEqual(rome)
  expect((await ask('json', { text: '"```json\\n1\\n```"' }).chat()).output).toBe('```json\n1\n```')
})

test('calls of tools come before the answer, so that there is no output yet', async () => {
  const toolCalls = [{ index: 0, id: 'a', name: 'weather', arguments: '{}' }]
  const result = await ask(weather, { text: '', toolCalls }).chat()
  expect(result).toMatchObject({ finishReason: 'tool-calls', output: undefined })
})
