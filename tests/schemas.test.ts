import { compatible } from '@dualscope/compatible'
import { createClient, defineTool, runTools, type SchemaType } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock } from '@dualscope/testing'
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

const protocols = { compatible, dashscope }

const cities: Readonly<Record<string, SchemaType>> = {
  zod: z.object({ city: z.string() }),
  'zod/mini': mini.object({ city: mini.string() }),
  arktype: type({ city: 'string' }),
  valibot: toStandardJsonSchema(v.object({ city: v.string() })),
}
const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }

function connect(protocol: keyof typeof protocols) {
  const mock = createMock()
  const transport = protocols[protocol]({ apiKey: 'sk-test', fetch: mock.fetch, retries: 0 })
  return { mock, client: createClient({ transport, model: 'kimi-k3' }) }
}

const cases = (['compatible', 'dashscope'] as const).flatMap((protocol) =>
  Object.entries(cities).map(([library, city]) => [library, protocol, city] as const),
)

test.each(cases)('a type of %s describes and checks an answer over %s', async (_, protocol, city) => {
  const { mock, client } = connect(protocol)
  mock.use([{ text: '{"city":"Rome"}' }, { text: '{"city":5}' }])
  const request = { messages: [{ role: 'user' as const, content: 'Where?' }], output: city }
  expect((await client.chat(request)).output).toEqual({ city: 'Rome' })
  expect(JSON.stringify(mock.requests[0]?.body)).toContain(JSON.stringify(JSON.stringify(schema)).slice(1, -1))
  await expect(client.stream(request).result()).rejects.toMatchObject({
    code: 'output',
    issues: [{ path: ['city'] }],
  })
})

test.each(cases)('a type of %s describes and checks the input of a tool over %s', async (_, protocol, city) => {
  const { mock, client } = connect(protocol)
  mock.use([
    { toolCalls: [{ name: 'weather', arguments: '{"city":5}' }] },
    { toolCalls: [{ name: 'weather', arguments: '{"city":"Rome"}' }] },
    { text: 'Sunny.' },
  ])
  const inputs: unknown[] = []
  const weather = defineTool({
    name: 'weather',
    description: 'The weather of a city',
    input: city,
    execute(input) {
      inputs.push(input)
      return 'sunny'
    },
  })
  const request = { messages: [{ role: 'user' as const, content: 'Weather?' }], tools: [weather] }
  const { text } = await runTools(client, request).result()
  expect(text).toBe('Sunny.')
  expect(inputs).toEqual([{ city: 'Rome' }])
  const [first, second] = mock.requests.map(({ body }) => JSON.stringify(body))
  expect(first).toContain(JSON.stringify(schema))
  expect(second).toContain('The arguments of weather do not match')
})

test.each(['compatible', 'dashscope'] as const)(
  'a check that never ends is over with its call: %s',
  async (protocol) => {
    const { mock, client } = connect(protocol)
    mock.use({ text: '{"city":"Rome"}' })
    const { '~standard': standard } = toStandardJsonSchema(v.object({ city: v.string() }))
    const hanging = { '~standard': { ...standard, validate: () => new Promise<never>(() => {}) } }
    const request = { messages: [{ role: 'user' as const, content: 'Where?' }], output: hanging }
    await expect(client.chat(request, { totalTimeout: 200 })).rejects.toMatchObject({ code: 'timeout' })
    mock.use({ text: '{"city":"Rome"}' })
    const aborted = client.stream(request, { signal: AbortSignal.timeout(200) }).result()
    await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' })
  },
)
