import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'

import { createMock } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const examples = readdirSync(import.meta.dirname).filter((name) => /^(?!connect\.|demo\.|.*\.test\.).*\.ts$/.test(name))
const { DASHSCOPE_API_KEY: _, ...environment } = process.env

test.each(examples.flatMap((name) => [[name, 'compatible'] as const, [name, 'dashscope'] as const]))(
  '%s runs over %s, without a key on the mock',
  async (name, protocol) => {
    const env = { ...environment, DUALSCOPE_PROTOCOL: protocol, NO_COLOR: '1' }
    const { stdout } = await run(process.execPath, [name], { cwd: import.meta.dirname, env })
    expect(stdout.trim()).not.toBe('')
  },
  30_000,
)

test('tools-by-hand.ts prints the answer of a model that calls no tool', async () => {
  const server = await listen(createMock())
  try {
    const env = { ...environment, DASHSCOPE_API_KEY: 'any', DASHSCOPE_BASE_URL: server.url }
    const { stdout } = await run(process.execPath, ['tools-by-hand.ts'], { cwd: import.meta.dirname, env })
    expect(stdout).toBe('You said: How long is a day on Venus, compared to its year?\n')
  } finally {
    await server.close()
  }
}, 30_000)

test('the demo shows thinking, answer and usage twice, and that they are the same', async () => {
  const env = { ...environment, NO_COLOR: '1' }
  const { stdout } = await run(process.execPath, ['demo.ts'], { cwd: import.meta.dirname, env })
  expect(stdout).toContain('Asking a mock of Model Studio at http://127.0.0.1:')
  expect(stdout.match(/The user asks "Who are you\?"/g)).toHaveLength(2)
  expect(stdout.match(/I am an AI assistant named Kimi, developed by Moonshot AI\. I am skilled/g)).toHaveLength(2)
  expect(
    stdout.match(/^stop: \d+ tokens in, \d+ out, \d+ of them thinking, about \$0\.\d+, \$0 of it cache$/gm),
  ).toHaveLength(2)
  expect(stdout.match(/^✓ /gm)).toHaveLength(4)
  expect(stdout).not.toContain('✗')
}, 30_000)
