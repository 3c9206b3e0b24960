import { expect, test } from 'vitest'

import { findJson } from './find-json.ts'

test.each<[string, unknown[]]>([
  ['{"a":1}', [{ a: 1 }]],
  ['5', [5]],
  ['```json\n{"a":1}\n```', [{ a: 1 }]],
  ['Here:\n```\n{"a":1}\n```\nDone.', [{ a: 1 }]],
  ['```json\n{"a":1}', [{ a: 1 }]],
  ['<think>Is it {"a":0}?</think>{"a":1}', [{ a: 1 }]],
  ['The answer is {"a":"}"} I think', [{ a: '}' }]],
  ['{"a":1} or {"a":1}', [{ a: 1 }]],
  ['{"a":1} or {"a":2}', [{ a: 1 }, { a: 2 }]],
  ['none', []],
  ['```json\n{"a":', []],
])('%j holds %j', (text, values) => {
  expect(findJson(text)).toEqual(values)
})

function time(length: number): number {
  const texts = ['{'.repeat(length), '```'.repeat(length), '[{"'.repeat(length), '"{'.repeat(length)]
  const start = performance.now()
  for (const text of texts) findJson(text)
  return performance.now() - start
}

test('time grows with the text, not with its square', () => {
  time(20_000)
  // Squared, it would be a hundred times as long.
  expect(time(200_000) / Math.max(1, time(20_000))).toBeLessThan(50)
})
