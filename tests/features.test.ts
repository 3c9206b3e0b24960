import { compatible } from '@dualscope/compatible'
import { createClient, type Client, type Message, type TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, type AnswerScenario, type Mock } from '@dualscope/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'

const protocols = { compatible, dashscope }
const question: Message = { role: 'user', content: 'Where is the Colosseum?' }

/** A client of a mock that answers with these, over either protocol. */
function connect(protocol: keyof typeof protocols, answers: AnswerScenario[], options: TransportOptions = {}) {
  const mock = createMock()
  mock.use(answers)
  const transport = protocols[protocol]({ apiKey: 'sk-test', fetch: mock.fetch, retries: 0, ...options })
  return { mock, client: createClient({ transport, model: 'kimi-k3' }) }
}

/** That the documents allow every request that arrived. */
function expectDocumented({ requests }: Mock, count: number): void {
  expect(requests.flatMap(({ issues }) => issues)).toEqual([])
  expect(requests).toHaveLength(count)
}

const both = ['compatible', 'dashscope'] as const

test.each(both)('every model gives structured output, typed, and the same streamed or not: %s', async (protocol) => {
  const answer = { text: '{"city":"Rome"}' }
  for (const model of ['kimi-k2-thinking', 'kimi-k3', 'kimi-k2.5', 'Moonshot-Kimi-K2-Instruct'] as const) {
    const { mock, client } = connect(protocol, [answer, answer])
    const request = { model, messages: [question], output: z.object({ city: z.string() }) }
    const whole = await client.chat(request)
    const streamed = await client.stream(request).result()
    expect(whole.output.city).toBe('Rome')
    expect(streamed.output).toEqual(whole.output)
    expect(streamed.message).toEqual({ role: 'assistant', content: '{"city":"Rome"}' })
    expectDocumented(mock, 2)
  }
})

test.each(both)(
  'a model without JSON mode gets the schema in words, and its answer is checked: %s',
  async (protocol) => {
    const { mock, client } = connect(protocol, [
      { text: 'Sure!\n```json\n{"city":"Rome"}\n```\nAnything else?' },
      { text: 'It is in Rome.' },
    ])
    const request = { model: 'kimi-k2.5', messages: [question], output: z.object({ city: z.string() }) }
    expect((await client.chat(request)).output).toEqual({ city: 'Rome' })
    await expect(client.stream(request).result()).rejects.toMatchObject({ code: 'output', text: 'It is in Rome.' })
    expectDocumented(mock, 2)
    const sent = JSON.stringify(mock.requests[0]?.body)
    expect(sent).not.toContain('response_format')
    expect(sent).toContain('JSON Schema')
  },
)

test.each(both)('an answer that does not fit rejects with where, and with the result: %s', async (protocol) => {
  const { client } = connect(protocol, [{ text: '{"city":5}' }])
  const failed = client.chat({ messages: [question], output: z.object({ city: z.string() }) })
  await expect(failed).rejects.toMatchObject({ code: 'output', text: '{"city":5}', partial: { text: '{"city":5}' } })
  await expect(failed).rejects.toThrow('city: Invalid input: expected string, received number')
})

test.each(both)(
  'what a model cannot do is refused before anything is sent, or dropped and told: %s',
  async (protocol) => {
    const { mock, client } = connect(protocol, [])
    const request = { model: 'kimi-k2.5', messages: [question], search: true }
    await expect(client.chat(request)).rejects.toMatchObject({ code: 'unsupported' })
    expectDocumented(mock, 0)

    const dropped: string[] = []
    const options = { unsupported: 'drop', onDrop: ({ path }: { path: string }) => dropped.push(path) } as const
    const lenient = connect(protocol, [{ text: 'In Rome.' }], options)
    expect(await lenient.client.chat(request)).toMatchObject({ text: 'In Rome.' })
    expect(dropped).toEqual(['search'])
    expectDocumented(lenient.mock, 1)
  },
)

test.each(both)(
  'web search is asked for, and its sources come where the protocol returns them: %s',
  async (protocol) => {
    const sources = [{ title: 'Colosseum', url: 'https://example.com/colosseum', siteName: 'Example', index: 1 }]
    const { mock, client } = connect(protocol, [
      { text: 'In Rome.', sources },
      { text: 'In Rome.', sources },
    ])
    const request = { messages: [question], search: { forced: true } }
    for (const result of [await client.chat(request), await client.stream(request).result()]) {
      expect(result.sources).toEqual(protocol === 'dashscope' ? sources : undefined)
    }
    expectDocumented(mock, 2)
  },
)

test.each(both)('partial mode goes on from a prefix, and its history is a conversation: %s', async (protocol) => {
  const { mock, client } = connect(protocol, [{ text: ' upon a time.' }, { text: ' The end.' }, { text: 'A fox.' }])
  const history: Message[] = [question, { role: 'assistant', content: 'Once', partial: true }]
  for (let turn = 0; turn < 2; turn += 1) {
    const { text, message } = await client.chat({ messages: history })
    expect(message.content).toBe(text)
    history.push(turn === 0 ? { ...message, partial: true } : message)
  }
  await client.chat({ messages: [...history, { role: 'user', content: 'Who was it?' }] })
  expectDocumented(mock, 3)
  const sent = JSON.stringify(mock.requests.at(-1)?.body)
  expect(sent).toContain('Once upon a time. The end.')
  expect(sent).not.toContain('partial')
})

test.each(both)('cache marks are sent, and what was cached is told: %s', async (protocol) => {
  const usage = { inputTokens: 9, outputTokens: 1, totalTokens: 10, cachedTokens: 5, cacheWriteTokens: 3 }
  const { mock, client } = connect(protocol, [{ text: 'ok', usage }])
  const content = [{ type: 'text', text: 'A long text', cache: true }] as const
  const result = await client.chat({ model: 'kimi-k2.5', messages: [{ role: 'user', content }] })
  expect(result.usage).toMatchObject({ cachedTokens: 5, cacheWriteTokens: 3 })
  expect(JSON.stringify(mock.requests[0]?.body)).toContain('"cache_control":{"type":"ephemeral"}')
  expectDocumented(mock, 1)
})

test.each(both)('a history of tool calls that another client made suits a thinking Kimi: %s', async (protocol) => {
  const { mock, client } = connect(protocol, [])
  const messages: Message[] = [
    question,
    { role: 'assistant', content: '', toolCalls: [{ id: 'call_1', name: 'now', arguments: '{}' }] },
    { role: 'tool', toolCallId: 'call_1', content: '12:00' },
  ]
  for (const [model, thinking, sent] of [
    ['kimi-k2-thinking', undefined, true],
    ['kimi-k2.5', true, true],
    ['kimi-k2.5', undefined, false],
  ] as const) {
    await client.chat({ model, thinking, messages })
    expect(JSON.stringify(mock.requests.at(-1)?.body).includes('"reasoning_content":""')).toBe(sent)
  }
  expectDocumented(mock, 3)
})

test('the same request is refused with the same words over both protocols', async () => {
  const requests: Parameters<Client['chat']>[0][] = [
    { messages: [question], tools: [{ name: 'search', description: 'Searches' }] },
    { messages: [question], tools: [{ name: 'now', description: 'The time' }], toolChoice: { name: 'then' } },
    { messages: [{ role: 'assistant', content: 'a', partial: true }, question] },
    { model: 'kimi-k2.5', messages: [question, { role: 'assistant', content: 'a', partial: true }] },
  ]
  for (const request of requests) {
    const [one, other] = await Promise.all(
      both.map(async (protocol) => {
        const { mock, client } = connect(protocol, [])
        const error: unknown = await client.chat(request).catch((reason: unknown) => reason)
        expectDocumented(mock, 0)
        return error
      }),
    )
    expect(one).toBeInstanceOf(Error)
    expect(other).toEqual(one)
  }
})

test.each(both)('the instruction for JSON does not shift the places that errors name: %s', async (protocol) => {
  const { mock, client } = connect(protocol, [])
  const image: Message = { role: 'user', content: [{ type: 'image', image: 'file:///a.png' }] }
  await expect(client.chat({ messages: [image], output: 'json' })).rejects.toThrow(/^messages\[0\]\.content\[0\]/)
  expectDocumented(mock, 0)
})
