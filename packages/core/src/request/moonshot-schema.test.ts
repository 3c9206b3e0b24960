import fc from 'fast-check'
import { expect, test } from 'vitest'

import type { JsonSchema } from '../json.ts'
import { checkJsonSchema, explainSchema } from '../output/check-json-schema.ts'
import { toMoonshotTool } from './moonshot-schema.ts'
import { prepareRequest } from './prepare.ts'

const text = { type: 'string' }
const number = { type: 'number' }

/** Returns the parameters that are sent for an object with one property and these definitions. */
function rewrite(property: unknown, definitions: JsonSchema = {}): JsonSchema {
  const parameters = { type: 'object', properties: { a: property }, ...definitions }
  return toMoonshotTool({ name: 'f', description: '', parameters }, 0).parameters
}

function rewriteProperty(property: unknown, definitions: JsonSchema = {}): unknown {
  return (rewrite(property, definitions)['properties'] as JsonSchema)['a']
}

const $defs = { city: { type: 'string', minLength: 1 }, pair: { type: ['string', 'number'] } }

test.each<[string, unknown, unknown]>([
  [
    'a type moves into the branches',
    { type: 'object', anyOf: [{ required: ['x'] }, {}] },
    {
      anyOf: [{ type: 'object', required: ['x'] }, { type: 'object' }],
    },
  ],
  [
    'a branch keeps its type',
    { type: ['string', 'number'], anyOf: [text, { minimum: 1 }], description: 'A' },
    {
      anyOf: [text, { type: ['string', 'number'], minimum: 1 }],
      description: 'A',
    },
  ],
  [
    'a branch gets the types that both allow',
    { type: ['string', 'null'], anyOf: [{ type: ['string', 'number'] }] },
    {
      anyOf: [{ type: 'string' }],
    },
  ],
  ['an integer is a number', { type: 'number', anyOf: [{ type: 'integer' }] }, { anyOf: [{ type: 'integer' }] }],
  [
    'nested unions',
    { type: 'object', anyOf: [{ anyOf: [{ required: ['x'] }, true] }] },
    {
      anyOf: [{ anyOf: [{ type: 'object', required: ['x'] }, { type: 'object' }] }],
    },
  ],
  [
    'a reference whose target has the type',
    { type: 'string', anyOf: [{ $ref: '#/$defs/city' }] },
    {
      anyOf: [{ $ref: '#/$defs/city' }],
    },
  ],
  [
    'a reference whose target has more types',
    { type: 'string', anyOf: [{ $ref: '#/$defs/pair' }] },
    {
      anyOf: [{ type: 'string' }],
    },
  ],
  ['a list of items', { type: 'array', items: [text, number] }, { type: 'array', prefixItems: [text, number] }],
  [
    'a closed list of items',
    { type: 'array', items: [text, number], additionalItems: false },
    {
      type: 'array',
      prefixItems: [text, number],
      maxItems: 2,
    },
  ],
  [
    'items: false',
    { type: 'array', prefixItems: [text], items: false, maxItems: 9 },
    {
      type: 'array',
      prefixItems: [text],
      maxItems: 1,
    },
  ],
  ['items: true', { type: 'array', items: true }, { type: 'array' }],
  ['a boolean', true, {}],
  ['a described reference', { $ref: '#/$defs/city', description: 'A' }, { $ref: '#/$defs/city', description: 'A' }],
  [
    'a reference with the same type',
    { $ref: '#/$defs/city', type: 'string', format: 'uuid' },
    {
      type: 'string',
      minLength: 1,
      format: 'uuid',
    },
  ],
  [
    'a reference out of $defs',
    { type: 'array', items: { $ref: '#/properties/a/contains' }, contains: text },
    {
      type: 'array',
      items: text,
      contains: text,
    },
  ],
  [
    'what is accepted',
    { oneOf: [text, number], additionalProperties: false },
    {
      oneOf: [text, number],
      additionalProperties: false,
    },
  ],
])('%s', (_, property, expected) => {
  expect(rewriteProperty(property, { $defs })).toEqual(expected)
})

test('definitions of draft 7 become those of 2020-12, in references too', () => {
  expect(rewrite({ $ref: '#/definitions/city' }, { definitions: $defs })).toEqual({
    type: 'object',
    properties: { a: { $ref: '#/$defs/city' } },
    $defs,
  })
})

test('a schema that refers to itself stays as it is', () => {
  const node = { type: 'object', properties: { next: { $ref: '#/$defs/node' }, all: { $ref: '#' } } }
  expect(rewrite({ $ref: '#/$defs/node' }, { $defs: { node } })).toMatchObject({ $defs: { node } })
})

test.each<[unknown, string]>([
  [
    { type: 'string', anyOf: [number] },
    'tools[0].input.properties.a.anyOf[0]: has type "number", which the type "string"',
  ],
  [false, 'tools[0].input.properties.a: must not be false'],
  [{ $ref: '#/$defs/city', minLength: 2 }, 'tools[0].input.properties.a: "minLength" beside the reference'],
  [{ $ref: '#/$defs/city', properties: {} }, 'tools[0].input.properties.a: "properties" beside the reference'],
  [{ $ref: 'https://example.com', type: 'string' }, 'the reference "https://example.com" cannot be replaced'],
  [{ $ref: '#/properties/a' }, 'the reference "#/properties/a" cannot be replaced'],
  [{ $ref: '#/properties/__proto__' }, 'cannot be replaced'],
  [{ $ref: '#/properties/%zz' }, 'cannot be replaced'],
])('%j has no form that Moonshot accepts, and is refused by its place', (property, message) => {
  expect(() => rewrite(property, { $defs })).toThrow(message)
})

test('a union at the root, and a name that begins with a digit, are refused', () => {
  const union = { type: 'object', anyOf: [{ required: ['x'] }] }
  expect(() => toMoonshotTool({ name: 'f', description: '', parameters: union }, 2)).toThrow(
    'tools[2].input: must not be',
  )
  const name = '1st'
  expect(() => toMoonshotTool({ name, description: '', parameters: {} }, 1)).toThrow('tools[1].name: must begin')
})

test('only models that Moonshot serves get their dialect', async () => {
  const input = { type: 'object', properties: { a: { type: 'object', anyOf: [{ required: ['x'] }] } } }
  const tools = [{ name: 'f', description: '', input }]
  const prepare = async (model: string, validate = true) => {
    const { request } = await prepareRequest(
      { model, messages: [{ role: 'user', content: 'Hi' }], tools },
      { validate },
    )
    return request.tools?.[0]?.parameters
  }
  expect(await prepare('kimi-k2.5')).toEqual(input)
  expect(await prepare('kimi/kimi-k2.5', false)).toEqual(input)
  for (const model of ['kimi/kimi-k2.5', 'kimi/kimi-k9']) {
    expect(await prepare(model)).toEqual({
      type: 'object',
      properties: { a: { anyOf: [{ type: 'object', required: ['x'] }] } },
    })
  }
})

const type = fc.oneof(
  fc.constantFrom('string', 'number', 'integer', 'object', 'array', 'null'),
  fc.uniqueArray(fc.constantFrom('string', 'number', 'object', 'array'), { minLength: 1, maxLength: 3 }),
)
const { schema } = fc.letrec<{ schema: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.record({ type }),
    fc.record(
      {
        type,
        minLength: fc.nat(2),
        properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('schema'), { maxKeys: 2 }),
        required: fc.subarray(['a', 'b']),
        items: fc.oneof(fc.boolean(), tie('schema')),
        prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
        oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
        $ref: fc.constantFrom('#/$defs/pair', '#/$defs/city', '#/properties/b'),
      },
      { requiredKeys: [] },
    ),
  ),
}))
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.record({ a: fc.jsonValue({ maxDepth: 1 }), b: fc.jsonValue({ maxDepth: 1 }) }, { requiredKeys: [] }),
  fc.array(fc.constantFrom(1, 'a', null), { maxLength: 3 }),
)

test('a rewritten schema accepts the same data as before', () => {
  fc.assert(
    fc.property(schema, schema, fc.array(value, { minLength: 5, maxLength: 5 }), (a, b, values) => {
      const parameters = { type: 'object', properties: { a, b }, $defs }
      fc.pre(explainSchema(parameters) === undefined)
      let rewritten: JsonSchema
      try {
        rewritten = toMoonshotTool({ name: 'f', description: '', parameters }, 0).parameters
      } catch {
        return
      }
      for (const data of values.flatMap((item) => [{ a: item }, { b: item }])) {
        expect(checkJsonSchema(rewritten, data).length === 0).toBe(checkJsonSchema(parameters, data).length === 0)
      }
    }),
  )
})
