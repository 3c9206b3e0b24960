import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import { expect, test } from 'vitest'

import { readText } from './text-file.ts'

const limit = 4 * 1024 * 1024

test('a file of 4 MiB is read, and one byte more is refused', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'text.txt')
  await writeFile(file, 'a'.repeat(limit))
  expect(await readText(file)).toHaveLength(limit)
  await writeFile(file, 'a'.repeat(limit + 1))
  await expect(readText(file)).rejects.toThrow(/is larger than 4 MiB/)
})

test.skipIf(process.platform === 'win32')('a pipe without end is refused once it exceeds 4 MiB', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const pipe = join(folder.path, 'pipe')
  execFileSync('mkfifo', [pipe])
  let written = 0
  const endless = new Readable({
    read() {
      written += 65_536
      // Ends in time for a reader without a limit, so that the test fails instead of filling the memory.
      this.push(written > 64 * 1024 * 1024 ? null : Buffer.alloc(65_536, 'a'))
    },
  })
  const target = createWriteStream(pipe).on('error', () => endless.destroy())
  endless.pipe(target)
  await expect(readText(pipe)).rejects.toThrow(/is larger than 4 MiB/)
  expect(written).toBeLessThan(16 * 1024 * 1024)
})

test('a missing file and a folder are refused', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  await expect(readText(join(folder.path, 'missing'))).rejects.toThrow(/^Cannot read /)
  await expect(readText(folder.path)).rejects.toThrow(/^Cannot read /)
})
