import { expect, test } from 'vitest'

import type { JsonSchema } from '../json.ts'
import { checkJsonSchema, explainSchema } from './check-json-schema.ts'

function issues(schema: JsonSchema, data: unknown): readonly string[] {
  return checkJsonSchema(schema, data).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('a property may have the name of a keyword', () => {
  const schema = { type: 'object', properties: { type: { type: 'string' }, $dynamicRef: { type: ['number', 'null'] } } }
  expect(explainSchema(schema)).toBeUndefined()
  expect(issues(schema, { type: 'int', $dynamicRef: null })).toEqual([])
})

test('a malformed property name never gets past a schema', () => {
  const closed = { type: 'object', properties: { amount: { type: 'number' } }, additionalProperties: false }
  const data: unknown = JSON.parse(String.raw`{"amount":1e9,"to":5,"\ud800":1}`)
  expect(issues(closed, data)).toHaveLength(1)
  expect(issues({ propertyNames: { maxLength: 3 } }, data)).toHaveLength(1)
  expect(issues({ properties: { a: closed } }, { a: data })).toHaveLength(1)
})

test.each([
  [String.raw`^https\:\/\/`, 'https://example.com', 'ftp://example.com'],
  [String.raw`^[\w-.]+$`, 'a-b.c', 'a b'],
  ['^a{,2}$', 'a{,2}', 'aa'],
  [String.raw`^\p{L}+$`, 'é', '5'],
])('the pattern %s is checked, with the other rules beside it', (pattern, good, bad) => {
  const schema = { type: 'object', properties: { at: { type: 'string', pattern }, n: { type: 'number' } } }
  expect(explainSchema(schema)).toBeUndefined()
  expect(issues(schema, { at: good, n: 1 })).toEqual([])
  expect(issues(schema, { at: bad })).not.toEqual([])
  expect(issues(schema, { at: good, n: 'x' })).not.toEqual([])
  expect(issues({ patternProperties: { [pattern]: { type: 'number' } } }, { [good]: 'x' })).not.toEqual([])
})

test.each<[object, RegExp]>([
  [{ type: 'string', pattern: '(' }, /pattern/],
  [{ type: 'object', required: null }, /required must be a list/],
  [{ properties: { a: { type: 'strnig' } } }, /properties\.a\.type must be one of .*string, got "strnig"/],
  [{ type: ['string', 5] }, /type must be one of .*, got 5/],
  [{ enum: null }, /enum must be a list/],
  [{ $ref: 'https://example.com/schema' }, /leads nowhere/],
  [{ $ref: '#/$defs/none' }, /leads nowhere/],
  [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }, /leads to itself/],
  [{ type: 'object', properties: { a: { type: 'int' } } }, /^properties\.a\.type must be one of .*, got "int"$/],
  [{ type: ['string', 'any'] }, /got "any"/],
  [{ $dynamicAnchor: 'n', properties: { a: { $dynamicRef: '#n' } }, required: ['v'] }, /\$dynamicRef is unsupported/],
])('%j cannot be checked, and says why', (schema, reason) => {
  expect(explainSchema(schema as JsonSchema)).toMatch(reason)
  expect(issues(schema as JsonSchema, 'x')).not.toEqual([])
})
