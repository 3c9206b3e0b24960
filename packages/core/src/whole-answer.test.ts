import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { ChatChunk } from './chat/chunk.ts'
import { accumulated } from './stream/accumulate.ts'
import { wholeAnswer } from './whole-answer.ts'

const asked = { protocol: 'test', model: 'asked' }
const text = fc.constantFrom(undefined, '', 'Hi')
const finish = fc.constantFrom<Partial<ChatChunk>>(
  {},
  { rawFinishReason: 'odd' },
  { finishReason: 'stop', rawFinishReason: 'stop' },
  { finishReason: 'length', rawFinishReason: 'length' },
  { finishReason: 'tool-calls', rawFinishReason: 'tool_calls' },
)
const call = fc.record({ index: fc.nat(2), id: text, name: text, arguments: text })
const chunk: fc.Arbitrary<ChatChunk> = fc
  .record({
    finish,
    said: fc.record(
      {
        id: text,
        requestId: text,
        model: text,
        protocol: text,
        text,
        reasoning: text,
        toolCalls: fc.array(call, { maxLength: 3 }),
        usage: fc.constantFrom(undefined, { inputTokens: 1, outputTokens: 2, totalTokens: 3 }),
        logprobs: fc.constantFrom(undefined, null, { content: [] }),
        sources: fc.constantFrom(undefined, [], [{ title: 'T', url: 'u' }]),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ finish: end, said }) => ({ ...said, ...end }))

async function outcomeOf(make: () => unknown): Promise<unknown> {
  try {
    return { result: await make() }
  } catch (error) {
    const { code, message, partial } = error as { code?: string; message: string; partial?: unknown }
    return { code, message, partial }
  }
}

test('an answer that came whole gives what its chunk would give in a stream', async () => {
  await fc.assert(
    fc.asyncProperty(chunk, async (only) => {
      const whole = await outcomeOf(() => wholeAnswer(only, asked))
      expect(whole).toEqual(await outcomeOf(() => accumulated([only], asked)))
    }),
  )
})
