import { expect, test } from 'vitest'
import * as z from 'zod/mini'

import { isTooDeep, parseJson } from '../json.ts'
import { redactSecrets } from '../redact.ts'
import { parseEvent, stringifyJson, unknownShape, wireReader } from './read.ts'

function nested(depth: number) {
  return '['.repeat(depth) + ']'.repeat(depth)
}

test('JSON is parsed, anything else is undefined', () => {
  expect(parseJson('{"a":[1]}')).toEqual({ a: [1] })
  expect(parseJson('null')).toBeNull()
  expect(parseJson('{"a":')).toBeUndefined()
})

test('brackets within strings nest nothing', () => {
  expect(parseJson(JSON.stringify(['['.repeat(3_000)]))).toHaveLength(1)
})

test('what nests beyond all measure is not parsed', () => {
  expect(parseJson(nested(200))).toHaveLength(1)
  expect(parseJson(nested(201))).toBeUndefined()
  expect(parseJson('{"a":'.repeat(300) + '1' + '}'.repeat(300))).toBeUndefined()
  expect(parseJson(nested(600_000))).toBeUndefined()
  expect(parseJson('['.repeat(10_000_000))).toBeUndefined()
})

test('an unread field may nest deeper, and is not walked', () => {
  const body = parseEvent(`{"a":${nested(10_000)}}`)
  expect(isTooDeep(body)).toBe(true)
  const error = expect.objectContaining({ code: 'protocol', message: 'The answer nests too deep' }) as Error
  expect(() => stringifyJson(body)).toThrow(error)
  expect(() => unknownShape(body, 'b')).toThrow(error)
  expect(() => parseEvent('['.repeat(10_000_000))).toThrow('An event is not JSON: [[[')
})

test('brackets in strings do not nest', () => {
  const text = `${'['.repeat(500)}\\"${'{'.repeat(500)}\\\\`
  expect(parseJson(`{"a":"${text}","b":[]}`)).toEqual({ a: `${'['.repeat(500)}"${'{'.repeat(500)}\\`, b: [] })
  const long = `{"a":"${text.repeat(2_000)}","b":[]}`
  expect(parseJson(long)).toHaveProperty('b', [])
  expect(parseJson(JSON.stringify(Array.from({ length: 300_000 }, () => [{}])))).toHaveLength(300_000)
})

test('another shape is a `protocol` error that names the place', () => {
  const schema = z.object({ a: z.array(z.string()) })
  expect(() => wireReader(schema)({ a: ['x', 1] })).toThrow('The answer has an unknown shape at a.1: {"a":["x",1]}')
})

test('an event that is not JSON is a `protocol` error; a key that its end would cut can still be taken out', () => {
  const key = 'sk-0123456789abcdef'
  expect(parseEvent('{"a":1}')).toEqual({ a: 1 })
  const read = () => parseEvent(`${'y'.repeat(190)}${key}`)
  expect(read).toThrow(expect.objectContaining({ code: 'protocol' }) as Error)
  expect(read).toThrow(/yysk-0123456…$/)
  expect(redactSecrets(`${'y'.repeat(190)}${key.slice(0, 10)}…`, [key])).not.toContain('sk-0')
})
