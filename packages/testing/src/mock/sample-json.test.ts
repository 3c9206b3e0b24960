import { expect, test } from 'vitest'

import { sampleJson } from './sample-json.ts'

test('a sample fits the schema', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string' },
      days: { type: 'integer', minimum: 2.5 },
      unit: { enum: ['C', 'F'] },
      tags: { type: 'array', minItems: 2, items: { type: 'boolean' } },
    },
  }
  expect(sampleJson(schema, 'Hi')).toEqual({ name: 'Hi', days: 3, unit: 'C', tags: [true, true] })
})

test('a sample stays small, whatever the schema demands', () => {
  const huge = { type: 'array', minItems: 4_000_000_000, items: { type: 'null' } }
  expect((sampleJson(huge, '') as unknown[]).length).toBeLessThan(20_000)
  let nested: object = { type: 'null' }
  for (let depth = 0; depth < 20; depth += 1) nested = { type: 'array', minItems: 10, items: nested }
  expect(JSON.stringify(sampleJson(nested, '')).length).toBeLessThan(500_000)
})
