import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

import { createMock } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, beforeAll, expect, test } from 'vitest'

const run = promisify(execFile)
const hasCurl = spawnSync('curl', ['--version']).status === 0
const mock = createMock()
let server: ListeningMock

beforeAll(async () => {
  server = await listen(mock)
})
afterAll(() => server.close())

const messages = [{ role: 'user', content: 'Who are you?' }]
const native = '/api/v1/services/aigc/multimodal-generation/generation'

async function curl(path: string, body: object, ...more: string[]): Promise<string> {
  const headers = ['-H', 'authorization: Bearer sk-a', '-H', 'content-type: application/json']
  const { stdout } = await run('curl', ['-sS', `${server.url}${path}`, ...headers, ...more, '-d', JSON.stringify(body)])
  return stdout
}

test.skipIf(!hasCurl)(
  'curl gets whole answers and streams of both protocols, as the samples of the Kimi page',
  async () => {
    const compatible = { model: 'kimi-k2.5', messages }
    expect(await curl('/compatible-mode/v1/chat/completions', compatible)).toContain(
      '"content":"You said: Who are you?"',
    )
    const stream = await curl('/compatible-mode/v1/chat/completions', { ...compatible, stream: true })
    expect(stream).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
    const input = { model: 'kimi-k2.5', input: { messages }, parameters: { incremental_output: true } }
    expect(await curl(native, input)).toContain('You said: Who are you?')
    expect(await curl(native, input, '-H', 'X-DashScope-SSE: enable')).toMatch(
      /^id:1\nevent:result\n:HTTP_STATUS\/200\ndata:/,
    )
    expect(mock.requests.flatMap((request) => request.issues)).toEqual([])
  },
)
