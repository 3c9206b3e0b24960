import { ApiError, createClient, DualscopeError } from '@dualscope/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'

import { protocols, type ProtocolBytes } from './protocols.ts'

const runs = 10_000

/** Answers as they should be. */
function seeds(bytes: ProtocolBytes): string[] {
  const { text, reasoning, finish, terminator, errorFrame, answer, refusal } = bytes
  return [
    reasoning('thinking 思考') + text('Hel') + text('lo 世界') + finish() + terminator,
    text('Hel') + errorFrame(400, 'data_inspection_failed', 'Output data may contain inappropriate content.'),
    errorFrame(429, 'Throttling', 'Requests throttled'),
    answer('Hello 世界'),
    refusal('InvalidParameter', '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 10]'),
    '<html><head><title>502</title></head><body>Bad Gateway</body></html>',
    '',
  ]
}

// Insertions of a mutation: pieces with a meaning for a parser, and any bytes.
const pieces = [
  'null',
  '"',
  '{',
  '}',
  '[]',
  ':',
  '\n',
  '\r\n',
  '\n\n',
  'data:',
  'event:error\n',
  ':HTTP_STATUS/500\n',
  '1e999',
  '-1',
]
  .concat([
    '"output":',
    '"choices":',
    '"error":',
    '"code":',
    '"index":',
    '"tool_calls":[{"index":7}]',
    '[DONE]',
    '\\u0000',
    '\ufeff',
  ])
  .concat([
    '__proto__',
    'true',
    '"finish_reason":"null"',
    '"finish_reason":5',
    '"content":[{"text":null}]',
    '"usage":[]',
  ])
const inserted = fc.oneof(
  fc.constantFrom(...pieces).map((piece) => new TextEncoder().encode(piece)),
  fc.uint8Array({ maxLength: 8 }),
)
const mutation = fc.record({ at: fc.nat(), remove: fc.nat({ max: 40 }), insert: inserted })

function mutated(seed: string, mutations: readonly { at: number; remove: number; insert: Uint8Array }[]): Uint8Array {
  let bytes = new TextEncoder().encode(seed)
  for (const { at, remove, insert } of mutations) {
    const start = at % (bytes.length + 1)
    bytes = new Uint8Array([...bytes.subarray(0, start), ...insert, ...bytes.subarray(start + remove)])
  }
  return bytes
}

function inPieces(bytes: Uint8Array, size: number, breaks: boolean): ReadableStream<Uint8Array> {
  let offset = 0
  return new ReadableStream({
    pull(controller) {
      if (offset < bytes.length) controller.enqueue(bytes.subarray(offset, (offset += size)))
      else if (breaks) controller.error(new Error('reset'))
      else controller.close()
    },
  })
}

/** Returns the name of an outcome. Throws outcomes that must not occur. */
function kindOf(outcome: unknown): string {
  if (outcome instanceof ApiError && outcome.status < 400) throw outcome
  if (outcome instanceof DualscopeError && outcome.message !== '') return outcome.code
  if (typeof outcome === 'object' && outcome !== null && 'text' in outcome && typeof outcome.text === 'string') {
    return 'answered'
  }
  throw outcome
}

function timers() {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length
}

test.for(protocols)(
  '10,000 mutated answers over $name come out as results or errors of this library',
  { timeout: 60_000 },
  async (bytes) => {
    const before = timers()
    let response = new Response()
    const transport = bytes.connect({ apiKey: 'sk-0123456789', retries: 0, fetch: async () => response })
    const client = createClient({ transport, model: 'kimi-k2.5' })
    const outcomes = new Map<string, number>()

    const answer = fc.record({
      seed: fc.constantFrom(...seeds(bytes)),
      mutations: fc.array(mutation, { maxLength: 4 }),
      size: fc.constantFrom(1, 3, 7, 64, 4096),
      breaks: fc.boolean(),
      status: fc.constantFrom(200, 200, 200, 200, 201, 400, 429, 500),
      type: fc.constantFrom('text/event-stream', 'application/json', 'text/html', ''),
      streams: fc.boolean(),
    })
    const property = fc.asyncProperty(answer, async ({ seed, mutations, size, breaks, status, type, streams }) => {
      response = new Response(inPieces(mutated(seed, mutations), size, breaks), {
        status,
        headers: { 'content-type': type },
      })
      const outcome: unknown = await (streams ? client.stream('hi').result() : client.chat('hi')).catch(
        (error: unknown) => error,
      )
      const kind = kindOf(outcome)
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    })
    await fc.assert(property, { numRuns: runs })

    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(runs)
    // The mutations reach every kind of end.
    expect([...outcomes.keys()]).toEqual(
      expect.arrayContaining(['answered', 'incomplete', 'protocol', 'server', 'rate-limit']),
    )
    expect(timers()).toBeLessThanOrEqual(before)
  },
)
