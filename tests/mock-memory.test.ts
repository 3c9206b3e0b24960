import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

const run = promisify(execFile)

test('a mock keeps 30 requests of 8 MB in less than 10 MB', async () => {
  const args = ['--expose-gc', 'node-test/mock-memory.ts']
  const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname })
  const { kept, bytes } = JSON.parse(stdout) as { kept: number; bytes: number }
  expect(kept).toBe(31)
  expect(bytes).toBeLessThan(10_000_000)
}, 60_000)
