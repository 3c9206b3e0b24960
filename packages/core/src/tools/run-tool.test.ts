import { expect, test, vi } from 'vitest'
import * as z from 'zod'

import type { Tool } from '../chat/tool.ts'
import { runTool } from './run-tool.ts'

const context = { signal: new AbortController().signal }

function run(text: string, tool: Partial<Tool>, name = 'it') {
  return runTool({ id: 'a', name, arguments: text }, [{ name: 'it', description: 'it', ...tool }], context)
}

test('a tool gets its parsed input, and no arguments are an empty object', async () => {
  const input = z.object({ city: z.string().default('Rome'), days: z.string().transform(Number).optional() })
  const execute = vi.fn<(input: unknown, given: unknown) => string>(() => 'sunny')
  expect(await run('{"city":"Oslo","days":"3"}', { input, execute })).toEqual({ content: 'sunny' })
  await run(' ', { input, execute })
  await run('', { execute })
  expect(execute.mock.calls).toEqual([
    [{ city: 'Oslo', days: 3 }, context],
    [{ city: 'Rome' }, context],
    [{}, context],
  ])
})

test.each([
  ['text', 'text'],
  [{ degrees: 21 }, '{"degrees":21}'],
  [[], '[]'],
  [0, '0'],
  [null, 'null'],
  // The service refuses empty content.
  [undefined, 'null'],
  ['', '""'],
])('a tool that returns %j says %j to the model', async (value, content) => {
  expect(await run('', { execute: () => value })).toEqual({ content })
  expect(await run('', { execute: () => Promise.resolve(value) })).toEqual({ content })
})

const boom = Object.assign(new Error('the station is offline', { cause: 'secret' }), { key: 'secret' })
const circular: Record<string, unknown> = {}
circular['self'] = circular

test.each<[string, unknown, RegExp]>([
  ['an error', boom, /^the station is offline$/],
  ['a text', 'no', /^no$/],
  ['an error without words', new TypeError(), /^TypeError$/],
  ['an error of another realm', { message: 'from afar' }, /^from afar$/],
  ['nothing', undefined, /^The tool failed$/],
  ['an object that is no text', Object.create(null), /^The tool failed$/],
])('a tool that throws %s answers the model with the message alone', async (_, error, content) => {
  const failed = await run('', {
    execute() {
      throw error
    },
  })
  expect(failed.content).toMatch(content)
  expect(failed).toEqual({ content: failed.content, error })
  expect(await run('', { execute: () => Promise.reject(error) })).toEqual(failed)
})

const zip = z.object({ at: z.object({ zip: z.string() }) })
const number = { type: 'object', properties: { n: { type: 'number' } }, required: ['n'] }

test.each<[string, string, Partial<Tool>, RegExp]>([
  ['that are not JSON', '{"a":', {}, /^The arguments of it are not a JSON object: {"a":$/],
  ['that do not match a zod type', '{"at":{"zip":5}}', { input: zip }, /do not match: at\.zip: .*expected string/],
  [
    'that do not match a JSON Schema',
    '{}',
    { input: number },
    /^The arguments of it do not match: .*required property "n"/,
  ],
])('arguments %s answer the model, and the tool does not run', async (_, text, tool, content) => {
  const execute = vi.fn<() => string>(() => 'ran')
  expect(await run(text, { ...tool, execute })).toEqual({
    content: expect.stringMatching(content) as string,
    error: expect.objectContaining({ code: 'tool' }) as Error,
  })
  expect(execute).not.toHaveBeenCalled()
})

test('a tool that does not exist, and a result that cannot become JSON, answer the model', async () => {
  expect(await run('{}', {}, 'other')).toMatchObject({ content: 'Unknown tool "other"; available: it' })
  expect((await run('{}', { execute: () => circular })).content).toMatch(/circular/)
  expect((await run('{}', { execute: () => 1n })).content).toMatch(/BigInt/)
})

test.each<[string, unknown, string]>([
  ['a Map', new Map([[1, 2]]), 'Map'],
  ['a promise that was not awaited', { weather: Promise.resolve('sunny') }, 'Promise'],
  ['an error within', [{ failure: new Error('no') }], 'Error'],
  ['bytes', new Uint8Array(2), 'Uint8Array'],
  ['a response', new Response('hi'), 'Response'],
])('a result that JSON would empty is an error that says so: %s', async (_, value, kind) => {
  expect(await run('{}', { execute: () => value })).toEqual({
    content: `The result of it holds an object of class ${kind}; return text or plain data`,
    error: expect.objectContaining({ code: 'tool' }) as Error,
  })
})

test('an error that a tool returns is one', async () => {
  const error = new Error('no such city')
  expect(await run('{}', { execute: () => error })).toEqual({ content: 'no such city', error })
})

test.each([
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
  [{ a: undefined, b: [Number.NaN, undefined] }, '{"b":[null,null]}'],
  [Object.assign(Object.create(null) as object, { a: 1 }), '{"a":1}'],
  [new URL('https://example.com/'), '"https://example.com/"'],
  [{}, '{}'],
])('a result goes to the model as JSON: %#', async (value, content) => {
  expect(await run('{}', { execute: () => value })).toEqual({ content })
})

test('the answer to bad arguments has a bound, whatever they are', async () => {
  const long = `{"n":"${'x'.repeat(100_000)}"}`
  expect((await run(long.slice(0, -1), {})).content.length).toBeLessThan(2200)
  expect((await run(long, { input: number })).content.length).toBeLessThan(2200)
})

test('what a tool throws cannot throw again', async () => {
  const hostile = {
    get message(): string {
      throw new Error('again')
    },
  }
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  for (const error of [hostile, proxy]) {
    expect((await run('{}', { execute: () => Promise.reject(error) })).content).toBe('The tool failed')
  }
})
