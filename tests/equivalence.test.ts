import { compatible } from '@dualscope/compatible'
import { createClient, type ChatEvent, type ChatResult, type Transport, type Usage } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, faults, type AnswerScenario, type BodyFault } from '@dualscope/testing'
import fc from 'fast-check'
import { expect, test } from 'vitest'

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const pieces = fc.array(text, { maxLength: 6 })
const tokens = fc.nat({ max: 100_000 })

const usage: fc.Arbitrary<Usage> = fc
  .record({ input: tokens, reasoning: tokens, answer: tokens, cached: tokens })
  .map(({ input, reasoning, answer, cached }) => ({
    inputTokens: input,
    outputTokens: reasoning + answer,
    totalTokens: input + reasoning + answer,
    reasoningTokens: reasoning,
    cachedTokens: cached,
  }))

const toolCall = fc.record({
  id: fc.constantFrom('call_1', 'functions.sum:0', 'x'),
  name: fc.constantFrom('sum', 'now'),
  arguments: fc.dictionary(text, text, { maxKeys: 3 }).chain((input) => cutAnywhere(JSON.stringify(input))),
})

const answers: fc.Arbitrary<AnswerScenario> = fc.record({
  reasoning: pieces,
  text: pieces,
  toolCalls: fc.array(toolCall, { maxLength: 3 }),
  finishReason: fc.constantFrom('stop', 'length', undefined),
  usage,
})

/** How the bytes come: in writes of any size, with other line ends, more or fewer lines than need be. */
const cuts: fc.Arbitrary<BodyFault[]> = fc
  .tuple(
    fc.option(fc.constant(faults.crlf()), { nil: undefined }),
    fc.option(fc.constant(faults.heartbeat()), { nil: undefined }),
    fc.option(fc.constant(faults.noLastBlankLine()), { nil: undefined }),
    fc.option(fc.constant(faults.byteOrderMark()), { nil: undefined }),
    fc.oneof(
      fc.integer({ min: 1, max: 300 }).map((size) => faults.split(size)),
      fc.constant(faults.splitCharacters()),
      fc.integer({ min: 1, max: 5 }).map((frames) => faults.coalesce(frames)),
      fc.constant(undefined),
    ),
  )
  .map((all) => all.filter((fault) => fault !== undefined))

function cutAnywhere(whole: string): fc.Arbitrary<string[]> {
  return fc.uniqueArray(fc.integer({ min: 1, max: Math.max(1, whole.length - 1) }), { maxLength: 4 }).map((places) => {
    const ends = [0, ...places.toSorted((a, b) => a - b), whole.length]
    return ends.slice(1).map((end, index) => whole.slice(ends[index], end))
  })
}

const wires = {
  compatible: (fetch: typeof globalThis.fetch) => compatible({ apiKey: 'test', fetch, retries: 0 }),
  dashscope: (fetch: typeof globalThis.fetch) => dashscope({ apiKey: 'test', fetch, retries: 0 }),
  cumulative: (fetch: typeof globalThis.fetch) =>
    dashscope({ apiKey: 'test', fetch, retries: 0, incrementalOutput: false }),
}

async function ask(wire: (fetch: typeof globalThis.fetch) => Transport, scenario: AnswerScenario, fault: BodyFault[]) {
  const mock = createMock()
  // Only a stream has lines to be put elsewhere.
  const cut = fault.filter(({ type }) => type.startsWith('split') || type === 'byte-order-mark')
  mock.use([
    { ...scenario, fault },
    { ...scenario, fault: cut },
  ])
  const client = createClient({ transport: wire(mock.fetch), model: 'kimi-k2.5' })
  const stream = client.stream('Hello')
  const events: ChatEvent[] = []
  for await (const event of stream) events.push(event)
  return { events, streamed: essence(await stream.result()), whole: essence(await client.chat('Hello')) }
}

/** All but what names the call. */
function essence({ id: _id, requestId: _requestId, protocol: _protocol, ...rest }: ChatResult): object {
  return rest
}

test('the same answer gives the same events and result over every wire, streamed or not, however its bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(answers, cuts, async (answer, fault) => {
      const reference = await ask(wires.compatible, answer, [])
      expect(reference.streamed).toStrictEqual(reference.whole)
      for (const wire of Object.values(wires)) {
        const { events, streamed, whole } = await ask(wire, answer, fault)
        expect(events).toStrictEqual(reference.events)
        expect(streamed).toStrictEqual(reference.streamed)
        expect(whole).toStrictEqual(reference.whole)
      }
    }),
    { numRuns: 300 },
  )
}, 60_000)
