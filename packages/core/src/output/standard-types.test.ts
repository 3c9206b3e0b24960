import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

import type { OutputOf } from '../chat/output.ts'
import { defineTool } from '../tools/define-tool.ts'
import { toJsonSchema } from './to-json-schema.ts'

const types = {
  zod: z.object({ city: z.string(), people: z.optional(z.number()) }),
  mini: mini.object({ city: mini.string(), people: mini.optional(mini.number()) }),
  arktype: type({ city: 'string', 'people?': 'number' }),
  valibot: toStandardJsonSchema(v.object({ city: v.string(), people: v.optional(v.number()) })),
}
const schema = {
  type: 'object',
  properties: { city: { type: 'string' }, people: { type: 'number' } },
  required: ['city'],
}

test.each(Object.entries(types))('%s converts to the JSON Schema of its input', async (_, libraryType) => {
  expect(await toJsonSchema(libraryType, 'output', { checked: true })).toEqual(schema)
})

test('the type of an output is inferred from the type of each library', () => {
  interface City {
    city: string
    people?: number | undefined
  }
  expectTypeOf<OutputOf<typeof types.zod>>().toEqualTypeOf<City>()
  expectTypeOf<OutputOf<typeof types.mini>>().toEqualTypeOf<City>()
  expectTypeOf<OutputOf<typeof types.valibot>>().toEqualTypeOf<City>()
  expectTypeOf<OutputOf<typeof types.arktype>>().toEqualTypeOf<{ city: string; people?: number }>()
  expectTypeOf<OutputOf<typeof schema>>().toEqualTypeOf<unknown>()
  expectTypeOf<OutputOf<'json'>>().toEqualTypeOf<unknown>()
  expectTypeOf<OutputOf<undefined>>().toEqualTypeOf<undefined>()
})

test('the input of a tool is inferred, transformations included', () => {
  const base = { name: 'add', description: 'Adds', execute: undefined }
  defineTool({
    ...base,
    input: z.object({ n: z.string().transform(Number) }),
    execute: (input) => expectTypeOf(input).toEqualTypeOf<{ n: number }>(),
  })
  defineTool({
    ...base,
    input: type({ n: 'string.numeric.parse' }),
    execute: (input) => expectTypeOf(input).toEqualTypeOf<{ n: number }>(),
  })
  defineTool({
    ...base,
    input: toStandardJsonSchema(v.object({ n: v.pipe(v.string(), v.maxLength(3)) })),
    execute: (input) => expectTypeOf(input).toEqualTypeOf<{ n: string }>(),
  })
  // @ts-expect-error A valibot type by itself has no JSON Schema.
  defineTool({ ...base, input: v.object({ n: v.string() }), execute: ({ n }) => n as string })
})

test.each([
  ['valibot', toStandardJsonSchema(v.object({ at: v.date() }))],
  ['zod', z.object({ at: z.date() })],
])('a type of %s that JSON cannot express is an error with its place', async (_, libraryType) => {
  await expect(toJsonSchema(libraryType, 'output', { checked: true })).rejects.toMatchObject({
    code: 'validation',
    message: expect.stringMatching(/^output: .*; use a type that JSON can express$/s) as string,
  })
})
