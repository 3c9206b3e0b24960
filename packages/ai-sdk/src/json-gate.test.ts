import { expect, test } from 'vitest'

import { createJsonGate } from './json-gate.ts'

function pass(text: string, size: number): string {
  const gate = createJsonGate()
  let shown = ''
  for (let index = 0; index < text.length; index += size) shown += gate.push(text.slice(index, index + size))
  return shown + gate.flush()
}

test.each([
  ['{"a":1}', '{"a":1}'],
  ['{}', '{}'],
  ['```json\n{"a":[1,{"b":"}"}]}\n```', '{"a":[1,{"b":"}"}]}'],
  ['Here you are [1]:\n```\n["a", 2]\n```\nGood luck!', '["a", 2]'],
  ['[1, true]', '[1, true]'],
  ['<think>{city} or [this]?</think> { "a": "\\"}" } and {"b":2}', '{ "a": "\\"}" }'],
  ['{"a":"```json {}"', '{"a":"```json {}"'],
  ['Without any data.', 'Without any data.'],
  ['"a text"', '"a text"'],
  ['  {\n  "a": 1\n}  ', '{\n  "a": 1\n}'],
  ['{ {"a":1}', '{"a":1}'],
  ['<think>{"x":1}</think>{"a":1}', '{"a":1}'],
  ['\n <think>Is it {"x": 1}?</think>\n```json\n{"a":1}\n```', '{"a":1}'],
  ['<thinking>{"a":1}', '{"a":1}'],
  ['{"a":"<think>"}', '{"a":"<think>"}'],
  ['<think>no end', '<think>no end'],
  ['<thi', '<thi'],
])('of %j the gate passes on %j, however it is cut', (text, json) => {
  for (let size = 1; size <= text.length; size += 1) expect(pass(text, size)).toBe(json)
})

test('a long text without data is read in linear time', () => {
  const start = performance.now()
  for (const text of ['{ '.repeat(500_000), `<think>${'</thin'.repeat(200_000)}`, ' '.repeat(1_000_000)]) {
    expect(pass(text, 4)).toHaveLength(text.length)
  }
  expect(performance.now() - start).toBeLessThan(2000)
})
