import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'

import { misplaced as misplacedInCompletion } from '../packages/compatible/src/guard.ts'
import { completion } from '../packages/compatible/src/schema.ts'
import { misplaced as misplacedInGeneration } from '../packages/dashscope/src/guard.ts'
import { generation } from '../packages/dashscope/src/schema.ts'
import { compileGuard } from './compile-guard.ts'

const toolCall = { index: 0, id: 'call_1', type: 'function', function: { name: 'sum', arguments: '{"a":1}' } }
const message = { role: 'assistant', content: 'Hi', reasoning_content: 'Hm', tool_calls: [toolCall] }

const guards = {
  completion: {
    schema: completion,
    misplaced: misplacedInCompletion,
    whole: {
      id: 'chatcmpl-1',
      model: 'kimi-k2.5',
      request_id: 'r',
      choices: [{ index: 0, message, delta: message, finish_reason: 'stop', logprobs: { content: [] } }],
      usage: {
        prompt_tokens: 1,
        completion_tokens: 2,
        total_tokens: 3,
        completion_tokens_details: { reasoning_tokens: 1 },
        prompt_tokens_details: { cached_tokens: 1, cache_creation_input_tokens: 1, image_tokens: 1, video_tokens: 1 },
      },
    },
  },
  generation: {
    schema: generation,
    misplaced: misplacedInGeneration,
    whole: {
      request_id: 'r',
      output: {
        choices: [{ message: { ...message, content: [{ text: 'Hi' }] }, finish_reason: 'stop', logprobs: null }],
        text: 'Hi',
        finish_reason: 'stop',
        search_info: { search_results: [{ title: 'T', url: 'u', site_name: 's', icon: 'i', index: 1 }] },
      },
      usage: {
        input_tokens: 1,
        output_tokens: 2,
        total_tokens: 3,
        image_tokens: 1,
        video_tokens: 1,
        output_tokens_details: { reasoning_tokens: 1 },
        input_tokens_details: { image_tokens: 1, video_tokens: 1 },
        prompt_tokens_details: { cached_tokens: 1, cache_creation_input_tokens: 1 },
      },
    },
  },
}

/** The ways to all values within a value. */
function pathsIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path]
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
}

/** A copy in which one value is another. */
function replaced(value: unknown, [key, ...rest]: readonly string[], other: unknown): unknown {
  if (key === undefined) return other
  const copy: unknown = structuredClone(value)
  if (typeof copy !== 'object' || copy === null) return copy
  Reflect.set(copy, key, replaced(Reflect.get(copy, key), rest, other))
  return copy
}

const odd = fc.constantFrom<unknown>(
  undefined,
  null,
  true,
  0,
  -1.5,
  NaN,
  Infinity,
  '',
  'x',
  [],
  {},
  ['x'],
  [null],
  [{}],
)

describe.each(Object.entries(guards))('%s', (_, { schema, misplaced, whole }) => {
  test('what fits is taken', () => {
    expect(z.safeParse(schema, whole).success).toBe(true)
    expect(misplaced(whole)).toBeUndefined()
  })

  test('the guard takes what zod takes, and names a place that zod names too', () => {
    const change = fc.tuple(fc.constantFrom(...pathsIn(whole)), odd)
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const value = changes.reduce((before: unknown, [path, other]) => replaced(before, path, other), whole)
        const issues = z.safeParse(schema, value).error?.issues.map((issue) => issue.path.join('.')) ?? []
        const place = misplaced(value)
        expect(place === undefined).toBe(issues.length === 0)
        // Where none of several types fits, zod names the whole, and the guard the part.
        const known = issues.some((issue) => place === issue || place?.startsWith(`${issue}.`))
        expect(place === undefined || known).toBe(true)
      }),
      { numRuns: 5_000 },
    )
  })
})

test('what a schema leaves open must not nest too deep', () => {
  const deep: unknown = JSON.parse('['.repeat(300) + ']'.repeat(300))
  const path = ['choices', '0', 'logprobs']
  const { completion: compatible, generation: native } = guards
  expect(compatible.misplaced(replaced(compatible.whole, path, deep))).toBe('choices.0.logprobs')
  expect(native.misplaced(replaced(native.whole, ['output', ...path], deep))).toBe('output.choices.0.logprobs')
  // What is not read may.
  expect(native.misplaced(replaced(native.whole, ['output', 'unknown'], deep))).toBeUndefined()
})

test.each([
  ['"date"', z.date()],
  ['checks of a string', z.string().check(z.minLength(1))],
  ['knows all its keys', z.strictObject({ a: z.string() })],
  ['several structures', z.union([z.object({ a: z.string() }), z.array(z.string())])],
])('it refuses what it has no code for: %s', (what, type) => {
  expect(() => compileGuard('some', z.object({ inner: type }))).toThrow(what)
})
