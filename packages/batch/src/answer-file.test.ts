import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { openAnswerFile } from './answer-file.ts'

function row(id: string, text = 'Hi'): string {
  return JSON.stringify({ id, result: { text } })
}

const failedRow = JSON.stringify({ id: 'failed', error: { code: 'server', message: 'No.' } })

async function setup(content: string | Uint8Array) {
  const path = join(await mkdtemp(join(tmpdir(), 'dualscope-answers-')), 'out.jsonl')
  await writeFile(path, content)
  const lost: Error[] = []
  return {
    path,
    lost,
    openFile: (retryFailed = false) => openAnswerFile(path, { retryFailed, onLost: (error) => lost.push(error) }),
    read: () => readFile(path, 'utf8'),
  }
}

test.each([
  ['in its text', `${row('a')}\n${row('b', 'ä').slice(0, -4)}`],
  ['in its first characters', `${row('a')}\n{"i`],
  [
    'within a character',
    Buffer.concat([Buffer.from(`${row('a')}\n{"id":"b","result":{"text":"`), Buffer.from([0xc3])]),
  ],
  ['by zeros', `${row('a')}\n\0\0\0`],
])('a last line that is cut %s is removed', async (_how, content) => {
  const { openFile, read } = await setup(content)
  const file = await openFile()
  expect(file.answered.size).toBe(1)
  await file.close()
  expect(await read()).toBe(`${row('a')}\n`)
})

test.each([
  ['notes without a line break', '# Notes\nprecious'],
  ['a single line of text', 'precious'],
  ['requests', '{"id":"a","prompt":"Hi"}\n{"id":"b","prompt":"precious"}'],
  ['a request', '{"id":"a","prompt":"precious"}'],
  ['answers and then something else', `${row('a')}\nprecious`],
])('%s are refused as an output and stay as they are', async (_what, content) => {
  const { openFile, read } = await setup(content)
  await expect(openFile()).rejects.toMatchObject({ code: 'configuration', message: /is not an answer of a batch/ })
  expect(await read()).toBe(content)
})

test('empty lines, CRLF and a byte order mark of an editor are accepted', async () => {
  const { openFile, read } = await setup(`\uFEFF${row('a')}\r\n\r\n\n${row('b')}`)
  const file = await openFile()
  await file.append({ id: 'c', error: { code: 'server', message: 'No.' } })
  expect([file.answered.size, file.failed]).toEqual([2, 0])
  await file.close()
  expect((await read()).split('\n').at(-2)).toBe('{"id":"c","error":{"code":"server","message":"No."}}')
})

test('the rows of failed requests are removed to be asked again, unless an answer came later', async () => {
  const later = JSON.stringify({ id: 'failed', result: { text: 'Hi' } })
  const { openFile, read } = await setup(`${failedRow}\n${row('a')}\n${later}\n{"id":"torn`)
  const file = await openFile(true)
  expect([file.answered.size, file.answered.has('failed'), file.failed]).toEqual([2, true, 0])
  await file.close()
  expect(await read()).toBe(`${row('a')}\n${later}\n`)
})

test('an output that something else changes or removes gets nothing more', async () => {
  const { path, openFile, read } = await setup('')
  const file = await openFile()
  await appendFile(path, `${row('theirs')}\n`)
  await expect(file.append({ id: 'a', error: { code: 'server', message: '' } })).rejects.toThrow(
    'was changed or removed',
  )
  await file.close()
  expect(await read()).toBe(`${row('theirs')}\n`)
  const again = await openFile()
  await rm(path)
  await expect(again.append({ id: 'a', error: { code: 'server', message: '' } })).rejects.toThrow(
    'was changed or removed',
  )
  await again.close()
})

test('a process whose lock was taken over writes nothing more', async () => {
  const { path, lost, openFile, read } = await setup('')
  const file = await openFile()
  await rm(`${path}.lock`, { recursive: true })
  await expect.poll(() => lost.length, { timeout: 5000 }).toBe(1)
  await expect(file.append({ id: 'a', error: { code: 'server', message: '' } })).rejects.toMatchObject({
    code: 'configuration',
  })
  await file.close()
  expect(await read()).toBe('')
})
