import { toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'

import type { SchemaType } from '../chat/output.ts'
import type { JsonSchema } from '../json.ts'
import { describeIssues, checkData } from './check-data.ts'

async function complaint(schema: SchemaType | JsonSchema, data: unknown): Promise<string | undefined> {
  const checked = await checkData(schema, data)
  return 'issues' in checked ? describeIssues(checked.issues) : undefined
}

test('a zod type may transform what it reads, also later', async () => {
  const type = z.object({ n: z.string().transform(async (text) => Number(text)) })
  expect(await checkData(type, { n: '3' })).toEqual({ data: { n: 3 } })
})

test.each([
  ['zod', z.object({ at: z.object({ zip: z.array(z.string()) }) })],
  ['zod/mini', mini.object({ at: mini.object({ zip: mini.array(mini.string()) }) })],
])('an issue names its place and what is wrong: %s', async (_, schema) => {
  expect(await complaint(schema, { at: { zip: ['a', 5] } })).toBe(
    'at.zip[1]: Invalid input: expected string, received number',
  )
  expect(await complaint(schema, { at: {} })).toMatch(/^at\.zip: Invalid input: expected array/)
})

test.each([
  ['arktype', type({ at: { zip: 'string[]' } }), 'at.zip[1]: at.zip[1] must be a string (was a number)'],
  [
    'valibot',
    toStandardJsonSchema(v.object({ at: v.object({ zip: v.array(v.string()) }) })),
    'at.zip[1]: Invalid type: Expected string but received 5',
  ],
] as const)('an issue names its place in the words of its library: %s', async (_, schema, expected) => {
  expect(await complaint(schema, { at: { zip: ['a', 5] } })).toBe(expected)
  expect(await complaint(schema, { at: { zip: ['a'] } })).toBeUndefined()
})

test('a valibot type may transform what it reads, also later', async () => {
  const number = v.pipeAsync(
    v.string(),
    v.transformAsync(async (text) => Number(text)),
  )
  const schema = { ...toStandardJsonSchema(v.object({ n: v.string() })) }
  const { validate } = v.objectAsync({ n: number })['~standard']
  expect(await checkData({ '~standard': { ...schema['~standard'], validate } }, { n: '3' })).toEqual({ data: { n: 3 } })
})

test('the words of a type of the application are kept', async () => {
  expect(await complaint(mini.string().check(mini.minLength(3, 'three letters at least')), 'a')).toBe(
    'three letters at least',
  )
})

test('a JSON Schema is checked and leaves the data as it is, defaults included', async () => {
  const data = { more: 1 }
  const schema = { type: 'object', properties: { unit: { type: 'string', default: 'celsius' } } }
  expect(await checkData(schema, data)).toEqual({ data: { more: 1 } })
})

test('an issue names its place and what is wrong: a JSON Schema', async () => {
  const zip = { type: 'array', items: { type: 'string' } }
  const schema = { type: 'object', properties: { at: { type: 'object', properties: { zip }, required: ['zip'] } } }
  expect(await complaint(schema, { at: { zip: ['a', 5] } })).toBe(
    'at.zip[1]: Instance type "number" is invalid. Expected "string".',
  )
  expect(await complaint(schema, { at: {} })).toBe('at: Instance does not have required property "zip".')
  expect(await complaint({ not: { type: 'string' } }, 'anything')).toBe('Instance matched "not" schema.')
})

test('references within a JSON Schema are followed, of either draft', async () => {
  for (const key of ['$defs', 'definitions']) {
    const schema = { $ref: `#/${key}/city`, [key]: { city: { type: 'string' } } }
    expect(await complaint(schema, 5)).toMatch(/Expected "string"/)
    expect(await complaint(schema, 'Rome')).toBeUndefined()
  }
})

test('what cannot be checked does not pass: a schema with a reference to another document', async () => {
  expect(await complaint({ $ref: 'https://example.com/schema' }, 1)).toMatch(
    /cannot be checked: the reference "https:\/\/example.com\/schema" leads nowhere in it/,
  )
})
