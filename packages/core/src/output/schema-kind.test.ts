import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import * as three from 'zod/v3'

import { assertSchema } from './schema-kind.ts'

test.each<[string, unknown]>([
  ['a zod type', z.object({ a: z.string() })],
  ['a zod/mini type', mini.object({ a: mini.string() })],
  ['an arktype type', type({ a: 'string' })],
  ['a converted valibot type', toStandardJsonSchema(v.object({ a: v.string() }))],
  ['a JSON Schema', { type: 'object', properties: { type: { type: 'string' } } }],
  ['the JSON Schema that zod makes of a type', z.toJSONSchema(z.object({ a: z.string() }))],
  ['an object without a prototype', Object.assign(Object.create(null) as object, { type: 'object' })],
])('%s is a schema', (_, schema) => {
  expect(() => assertSchema(schema, 'output')).not.toThrow()
})

test.each<[string, unknown, RegExp]>([
  ['a zod 3 type', three.object({ a: three.string() }), /^output: is a zod 3 type; use zod 4/],
  [
    'a valibot type',
    v.object({ a: v.string() }),
    /is a type of valibot without Standard JSON Schema .* wrap it in toStandardJsonSchema\(\)/,
  ],
  [
    'a type that cannot convert itself',
    { '~standard': { version: 1, vendor: 'effect', validate: () => ({ value: 1 }) } },
    /is a type of effect without Standard JSON Schema .* or pass a JSON Schema/,
  ],
  [
    'a type that cannot validate',
    { '~standard': { version: 1, vendor: 'typebox', jsonSchema: {} } },
    /is a type of typebox without Standard Schema .* pass its JSON Schema instead/,
  ],
  ['a raw shape of valibot', { a: v.string() }, /holds the type "a" itself/],
  ['a raw shape of arktype', { a: type('string') }, /holds the type "a" itself/],
  ['a raw shape', { a: z.string() }, /holds the type "a" itself; wrap the shape in an object type/],
  ['an instance of a class', new Map(), /must be a type of a schema library or a plain JSON Schema object/],
  ['a function', () => ({}), /must be a type of a schema library or a plain JSON Schema object/],
  ['a text', 'object', /must be a type of a schema library or a JSON Schema/],
])('%s is refused, because it would check nothing', (_, schema, message) => {
  expect(() => assertSchema(schema, 'output')).toThrow(
    expect.objectContaining({ code: 'validation', message: expect.stringMatching(message) as string }) as Error,
  )
})
