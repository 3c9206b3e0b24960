import { mkdtempDisposable, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, test } from 'vitest'

import { loadConversation, writePrivate } from './conversation-file.ts'

test.skipIf(process.platform === 'win32')('a private file replaces one that everyone could read', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'saved.json')
  await writeFile(file, 'old', { mode: 0o644 })
  await writePrivate(file, 'new')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readFile(file, 'utf8')).toBe('new')
  expect(await readdir(folder.path)).toEqual(['saved.json'])
})

test('writers of the same file at once leave one whole text', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'saved.json')
  const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(2_000_000))
  await Promise.all(texts.map((text) => writePrivate(file, text)))
  expect(texts).toContain(await readFile(file, 'utf8'))
  expect(await readdir(folder.path)).toEqual(['saved.json'])
})

test('a file that cannot be replaced leaves nothing behind', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  await expect(writePrivate(folder.path, 'text')).rejects.toThrow(`Cannot write ${folder.path}`)
  expect(await readdir(folder.path)).toEqual([])
})

test('a saved conversation whose thinking has no budget is refused', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'saved.json')
  await writeFile(file, JSON.stringify({ version: 1, model: 'kimi-k3', thinking: {}, messages: [] }))
  await expect(loadConversation(file)).rejects.toThrow(/is not a saved conversation/)
})
