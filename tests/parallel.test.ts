import { readdir } from 'node:fs/promises'

import { expect, test } from 'vitest'

async function sources(name: string): Promise<string[]> {
  const files = await readdir(new URL(`../packages/${name}/src`, import.meta.url))
  return files.filter((file) => !file.includes('.test.') && !file.startsWith('__')).toSorted()
}

test('the codecs answer the same questions in files of the same names', async () => {
  const own = new Set(['service.ts']) // only the native protocol has more than one path
  const native = (await sources('dashscope')).filter((file) => !own.has(file))
  expect(native).toEqual(await sources('compatible'))
})
