import { compatible } from '@dualscope/compatible'
import {
  createClient,
  defineTool,
  runTools,
  type ChatRequest,
  type ModelId,
  type ToolLoopEvent,
  type ToolLoopResult,
  type Transport,
  type TransportOptions,
} from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, faults, type AnswerScenario, type Fault, type MockRequest } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'

const protocols: Record<string, (options: TransportOptions) => Transport> = { compatible, dashscope }
const models: readonly ModelId[] = ['kimi-k2.5', 'kimi-k2-thinking']

const sum = defineTool({
  name: 'sum',
  description: 'Adds numbers',
  input: z.object({ numbers: z.array(z.number()) }),
  execute: ({ numbers }) => numbers.reduce((total, number) => total + number, 0),
})
const now = defineTool({ name: 'now', description: 'The time', execute: () => '12:00' })
const request: ChatRequest = {
  messages: [{ role: 'user', content: 'Add some numbers.' }],
  tools: [sum, now],
  thinking: true,
}

/** The steps of a conversation, one answer of the mock each. */
const steps: readonly AnswerScenario[] = [
  {
    reasoning: 'Two sums and the time, at once.',
    toolCalls: [
      { id: 'functions.sum:0', name: 'sum', arguments: ['{"num', 'bers":[1,', '2]}'] },
      { id: 'functions.now:1', name: 'now', arguments: '' },
      { id: 'functions.sum:2', name: 'sum', arguments: '{"numbers":"many"}' },
    ],
  },
  {
    reasoning: 'The last one again.',
    text: 'One moment.',
    toolCalls: [
      { id: 'functions.sum:3', name: 'sum', arguments: '{"numbers":[3,4]}' },
      { id: 'functions.multiply:4', name: 'multiply', arguments: '{}' },
    ],
  },
  { reasoning: 'That is all.', text: 'The sums are 3 and 7, and it is noon.' },
]

test.each(Object.keys(protocols).flatMap((protocol) => models.map((model) => [protocol, model] as const)))(
  'a loop of three steps with parallel calls runs over real HTTP, %s, %s, and each request is as documented',
  async (protocol, model) => {
    const mock = createMock()
    const server = await listen(mock)
    try {
      mock.use([...steps])
      const transport = protocols[protocol]?.({ apiKey: 'sk-test', baseUrl: server.url, retries: 0 })
      const client = createClient({ transport: transport as Transport, model })
      const { messages, text, usage, steps: count } = await runTools(client, request).result()

      expect(mock.requests.flatMap(({ issues }) => issues)).toEqual([])
      expect(mock.requests).toHaveLength(3)
      expect(count).toBe(3)
      expect(text).toBe('The sums are 3 and 7, and it is noon.')
      expect(usage?.outputTokens).toBeGreaterThan(20)
      expect(messages.filter(({ role }) => role === 'tool')).toEqual([
        { role: 'tool', toolCallId: 'functions.sum:0', content: '3' },
        { role: 'tool', toolCallId: 'functions.now:1', content: '12:00' },
        {
          role: 'tool',
          toolCallId: 'functions.sum:2',
          content: 'The arguments of sum do not match: numbers: Invalid input: expected array, received string',
        },
        { role: 'tool', toolCallId: 'functions.sum:3', content: '7' },
        { role: 'tool', toolCallId: 'functions.multiply:4', content: 'Unknown tool "multiply"; available: sum, now' },
      ])
      expect(sentCalls(mock.requests.at(-1))).toEqual([
        ['Two sums and the time, at once.', ['functions.sum:0', 'functions.now:1', 'functions.sum:2']],
        ['The last one again.', ['functions.sum:3', 'functions.multiply:4']],
      ])
    } finally {
      await server.close()
    }
  },
)

/** The reasoning and the ids of the calls that a request sends back. */
function sentCalls(sent: MockRequest | undefined): [string, string[]][] {
  type Turn = { reasoning_content: string; tool_calls?: { id: string; index: number }[] }
  const body = sent?.body as { messages?: Turn[]; input?: { messages: Turn[] } }
  return (body.input?.messages ?? body.messages ?? []).flatMap((turn) =>
    turn.tool_calls ? [[turn.reasoning_content, turn.tool_calls.map(({ id }) => id)] as [string, string[]]] : [],
  )
}

const text = fc.string({ unit: 'grapheme', maxLength: 8 })
const toolCall = fc.record({
  name: fc.constantFrom('sum', 'now', 'unknown'),
  arguments: fc.oneof(
    fc.array(fc.integer()).map((numbers) => JSON.stringify({ numbers })),
    fc.constantFrom('', '{}', '{"numbers":', 'null'),
    fc.dictionary(text, text).map((input) => JSON.stringify(input)),
  ),
})
const calls = fc.array(toolCall, { minLength: 1, maxLength: 4 })
const answering = fc.record({ reasoning: text, text })
const conversations: fc.Arbitrary<AnswerScenario[]> = fc
  .tuple(fc.array(fc.tuple(answering, calls), { maxLength: 2 }), answering)
  .map(([asking, last]) => [
    ...asking.map(([said, toolCalls], step) => ({
      ...said,
      toolCalls: toolCalls.map((call, index) => ({ ...call, id: `functions.${call.name}:${step}${index}` })),
    })),
    last,
  ])

async function run(protocol: string, model: ModelId, answers: readonly AnswerScenario[], fault: readonly Fault[]) {
  const mock = createMock()
  mock.use(answers.map((answer) => ({ ...answer, fault })))
  const transport = protocols[protocol]?.({ apiKey: 'sk-test', fetch: mock.fetch, retries: 0 })
  const loop = runTools(createClient({ transport: transport as Transport, model }), request)
  const events: ToolLoopEvent[] = []
  for await (const event of loop) events.push(event)
  return { events, result: essence(await loop.result()), issues: mock.requests.flatMap(({ issues }) => issues) }
}

/** All but what names the call. */
function essence({ id: _id, requestId: _requestId, protocol: _protocol, ...rest }: ToolLoopResult): object {
  return rest
}

test.each(models)(
  'the same conversation gives the same events and result over both wires at any cut: %s',
  async (model) => {
    const cuts = fc.oneof(
      fc.integer({ min: 1, max: 200 }).map((size) => [faults.split(size)]),
      fc.constant([faults.splitCharacters()]),
      fc.constant([faults.crlf(), faults.coalesce()]),
    )
    await fc.assert(
      fc.asyncProperty(conversations, cuts, async (answers, fault) => {
        const reference = await run('compatible', model, answers, [])
        expect(reference.issues).toEqual([])
        for (const protocol of Object.keys(protocols)) {
          const { events, result, issues } = await run(protocol, model, answers, fault)
          expect(issues).toEqual([])
          expect(events).toStrictEqual(reference.events)
          expect(result).toStrictEqual(reference.result)
        }
      }),
      { numRuns: 60 },
    )
  },
  60_000,
)
