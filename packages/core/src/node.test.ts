import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { fromFile } from './node.ts'

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'dualscope-'))
  await mkdir(join(directory, 'folder'))
  for (const name of ['photo.png', 'a b+c 100%.png']) await writeFile(join(directory, name), name)
})
afterAll(() => rm(directory, { recursive: true }))

test.each(['photo.png', 'a b+c 100%.png'])('%s is found by its path and by its file URL', async (name) => {
  const path = join(directory, name)
  const url = pathToFileURL(path)
  for (const spelling of [path, url, url.href]) {
    const file = await fromFile(spelling)
    expect(file).toMatchObject({ name, size: name.length, type: '' })
    expect(await file.text()).toBe(name)
  }
})

test('in a file URL %20 is a space and + is a plus', async () => {
  const file = await fromFile(`${pathToFileURL(directory).href}/a%20b+c%20100%25.png`)
  expect(file.name).toBe('a b+c 100%.png')
})

test('a type that is given is kept', async () => {
  expect(await fromFile(join(directory, 'photo.png'), { type: 'image/webp' })).toHaveProperty('type', 'image/webp')
})

test.each([
  ['missing.png', /missing\.png.*no such file/],
  ['folder', /folder.*directory/],
  ['photo.png/x', /photo\.png/],
])('%s is a media error that names it', async (name, message) => {
  await expect(fromFile(join(directory, name))).rejects.toMatchObject({
    code: 'media',
    message: expect.stringMatching(message) as string,
  })
})

test('a file URL of another host is a media error', async () => {
  await expect(fromFile('file://xxx/eagle.png')).rejects.toMatchObject({ code: 'media' })
})
