import { createMock } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { run } from '../../../test/spawn-command.ts'
import { connect } from '../../connect.ts'

const apiKey = 'sk-right-0123456789'
const mock = createMock({ apiKey })
let server: ListeningMock

beforeAll(async () => {
  server = await listen(mock)
})
afterEach(() => mock.reset())
afterAll(() => server.close())

function key(words: readonly string[], env: Record<string, string> = {}) {
  return run(['key', ...words], { env: { DASHSCOPE_API_KEY: apiKey, DASHSCOPE_BASE_URL: server.url, ...env } })
}

test('the temporary key goes to stdout alone, and a client takes it', async () => {
  const { code, stdout, stderr } = await key(['--expires', '600'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^st-\S+\n$/)
  expect(stderr).toMatch(/^expires at \d{4}-\d\d-\d\dT[\d:.]+Z\n$/)
  expect(mock.requests[0]?.url).toBe(`${server.url}/api/v1/tokens?expire_in_seconds=600`)
  const client = connect({ apiKey: stdout.trim(), baseUrl: server.url })
  expect((await client.chat({ model: 'kimi-k2.5', messages: [{ role: 'user', content: 'hi' }] })).text).toBe(
    'You said: hi',
  )
})

test('--json prints the key and its expiry for programs', async () => {
  const before = Date.now()
  const { stdout } = await key(['--json'])
  const { key: created, expiresAt } = JSON.parse(stdout) as { key: string; expiresAt: string }
  expect(created).toMatch(/^st-/)
  expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(before + 60_000)
})

test.each([
  ['an expiry of 0', ['--expires', '0'], {}, 2, /It must be a whole number from 1 to 1800/],
  ['an expiry of half an hour and a second', ['--expires', '1801'], {}, 2, /from 1 to 1800/],
  ['an expiry in hexadecimal', ['--expires', '0x10'], {}, 2, /from 1 to 1800/],
  ['no key', [], { DASHSCOPE_API_KEY: '' }, 3, /DASHSCOPE_API_KEY is not set/],
  ['a refused key', [], { DASHSCOPE_API_KEY: 'sk-wrong-9876543210' }, 3, /refused the key/],
  ['an unknown region', ['--region', 'mars'], {}, 2, /Allowed choices are beijing/],
])('%s ends the command with advice', async (_, words, env, code, message) => {
  const ended = await key(words, env)
  expect(ended.code).toBe(code)
  expect(ended.stdout).toBe('')
  expect(ended.stderr).toMatch(message)
  expect(ended.stderr).toMatch(/^ {3}do: /m)
  expect(ended.stderr).not.toMatch(/sk-wrong/)
})
