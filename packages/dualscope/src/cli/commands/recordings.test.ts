import { mkdtempDisposable, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createMock, type MockOptions, type Scenario } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { expect, test } from 'vitest'

import { run, start } from '../../../test/spawn-command.ts'
import { connect } from '../../connect.ts'

const env = { DASHSCOPE_API_KEY: 'sk-mine' }

async function serveMock(options: MockOptions = {}, scenarios: readonly Scenario[] = []) {
  const mock = createMock(options)
  mock.use(scenarios)
  const { url, close } = await listen(mock)
  return { url, mock, [Symbol.asyncDispose]: close }
}

/** Records one chat over each protocol. */
async function recordChats(folder: string, to: string): Promise<void> {
  const recording = start(['record', '--out', folder, '--port', '0', '--to', to])
  const shown = await recording.shows('DASHSCOPE_HTTP_BASE_URL')
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(shown) ?? []
  for (const protocol of ['compatible', 'dashscope'] as const) {
    await connect({ protocol, baseUrl: url, apiKey: 'sk-mine', model: 'kimi-k2.5' }).stream('hi').result()
  }
  recording.child.kill('SIGINT')
  const { code, stderr } = await recording.ended
  expect({ code, statuses: stderr.match(/^\d+ POST /gm) }).toEqual({ code: 0, statuses: ['200 POST ', '200 POST '] })
}

test('recordings answer in a mock, and drift compares them with the service', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  await using service = await serveMock()
  await recordChats(folder.path, service.url)
  expect(await readdir(folder.path)).toHaveLength(2)

  const { child, shows, ended } = start(['mock', '--port', '0', '--recordings', folder.path])
  const [url = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(await shows('curl')) ?? []
  const client = connect({ baseUrl: url, apiKey: 'any', model: 'kimi-k2.5' })
  expect((await client.stream('hi').result()).text).toBe('You said: hi')
  await expect(client.chat({ messages: [{ role: 'user', content: 'hi' }], seed: 1 })).rejects.toThrow(/No recording/)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(0)

  const same = await run(['drift', folder.path, '--to', service.url], { env })
  expect(same).toMatchObject({ code: 0, stderr: '' })
  expect(same.stdout).toMatch(/^same [^]*^2 the same, 0 changed, 0 not sent; [1-9]\d* tokens\n$/m)

  await using changed = await serveMock({}, [{ type: 'error', status: 403 }])
  const report = await run(['drift', folder.path, '--to', changed.url], { env })
  expect(report.code).toBe(1)
  expect(report.stdout).toContain('  - status: 200\n')
  expect(report.stdout).toContain('  + status: 403\n')

  const limited = await run(['drift', folder.path, '--to', service.url, '--calls', '1'], { env })
  expect(limited.stdout).toMatch(/1 the same, 0 changed, 1 not sent/)
  const spent = await run(['drift', folder.path, '--to', service.url, '--tokens', '1'], { env })
  expect(spent.stdout).toMatch(/1 the same, 0 changed, 1 not sent/)
}, 60_000)

test('drift reports a missing key, a refused one and an unreachable service', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  await using service = await serveMock()
  await recordChats(folder.path, service.url)
  expect(await run(['drift', folder.path])).toMatchObject({ code: 3, stdout: '' })
  await using strict = await serveMock({ apiKey: 'sk-other' })
  const refused = await run(['drift', folder.path, '--to', strict.url], { env })
  expect(refused).toMatchObject({ code: 3, stderr: expect.stringContaining('The key was refused') as string })
  const lost = await run(['drift', folder.path, '--to', 'http://127.0.0.1:9'], { env })
  expect(lost).toMatchObject({ code: 4, stderr: expect.stringContaining('cannot be reached') as string })
}, 60_000)

test('drift counts the tokens of a service that writes spaces into its JSON', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const body = '{ "choices": [], "usage": { "total_tokens" : 12 } }'
  for (const name of ['a', 'b']) {
    const recording = {
      version: 1,
      request: {
        method: 'POST',
        path: '/compatible-mode/v1/chat/completions',
        headers: {},
        body: { model: 'kimi-k2.5' },
      },
      response: { status: 200, headers: {}, pieces: [{ after: 0, text: body }], end: 'complete' },
    }
    await writeFile(join(folder.path, `${name}.json`), JSON.stringify(recording))
  }
  await using service = await serveMock({ strict: false }, [{ type: 'raw', body }])
  const { stdout } = await run(['drift', folder.path, '--to', service.url, '--tokens', '12'], { env })
  expect(stdout).toMatch(/1 not sent; 12 tokens\n$/)
}, 60_000)

test('record into a folder that cannot be made ends with 2, and does not blame the port', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'file')
  await writeFile(file, '')
  const { code, stderr } = await run(['record', '--out', join(file, 'out'), '--port', '0'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/^error: Cannot write the recordings: ENOTDIR.*\n {3}do: Pass --out /)
})

test('a folder without recordings is refused with advice', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  for (const words of [
    ['drift', folder.path],
    ['mock', '--recordings', folder.path],
    ['drift', '/nowhere'],
  ]) {
    const { code, stderr } = await run(words, { env })
    expect(code).toBe(2)
    expect(stderr).toMatch(/^error: .*recordings.*\n {3}do: /)
  }
  const { code, stderr } = await run(['record', '--out', folder.path, '--to', 'nowhere'])
  expect({ code, says: /must be a URL/.test(stderr) }).toEqual({ code: 2, says: true })
})
