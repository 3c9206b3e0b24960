import { expect, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import * as three from 'zod/v3'

import { assertSchema } from './schema-kind.ts'

test.each<[string, unknown]>([
  ['a zod type', z.object({ a: z.string() })],
  ['a zod/mini type', mini.object({ a: mini.string() })],
  ['a JSON Schema', { type: 'object', properties: { type: { type: 'string' } } }],
  ['the JSON Schema that zod makes of a type', z.toJSONSchema(z.object({ a: z.string() }))],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { type: 'object' })],
])('%s is a schema', (_, schema) => {
  expect(() => assertSchema(schema, 'output')).not.toThrow()
})

test.each<[string, unknown, RegExp]>([
  ['a zod 3 type', three.object({ a: three.string() }), /^output: is a zod 3 type; use zod 4/],
  [
    'a type of another library',
    { kind: 'object', '~standard': { vendor: 'valibot', version: 1 } },
    /is a valibot type/,
  ],
  ['a raw shape', { a: z.string() }, /holds the type "a" itself; wrap the shape in z\.object/],
  ['an instance of a class', new Map(), /must be a zod type or a plain JSON Schema object/],
  ['a text', 'object', /must be a zod type or a JSON Schema/],
])('%s is refused, because it would check nothing', (_, schema, message) => {
  expect(() => assertSchema(schema, 'output')).toThrow(
    expect.objectContaining({ code: 'validation', message: expect.stringMatching(message) as string }) as Error,
  )
})
