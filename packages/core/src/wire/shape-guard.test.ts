import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod/mini'

import { shapeGuard } from './shape-guard.ts'

const schema = z.object({
  text: z.nullish(z.string()),
  count: z.number(),
  parts: z.nullish(z.union([z.string(), z.array(z.object({ text: z.nullish(z.string()) }))])),
  anything: z.nullish(z.unknown()),
})

const scalar = fc.oneof(fc.string(), fc.integer(), fc.constantFrom(null, undefined, true, [], {}))
const part = fc.oneof(scalar, fc.record({ text: scalar }, { requiredKeys: [] }))
const parts = fc.oneof(scalar, fc.array(part, { maxLength: 2 }))
const value = fc.oneof(
  scalar,
  fc.record({ text: scalar, count: fc.integer(), parts, anything: part, more: scalar }, { requiredKeys: [] }),
)

test('it accepts what zod accepts, and nothing else', () => {
  const fits = shapeGuard(schema)
  fc.assert(
    fc.property(value, (candidate) => {
      expect(fits(candidate)).toBe(z.safeParse(schema, candidate).success)
    }),
    { numRuns: 2000 },
  )
})

test('a type that it does not know is refused at once, not with the first message', () => {
  expect(() => shapeGuard(z.object({ when: z.date() }))).toThrow(/"date"/)
})
