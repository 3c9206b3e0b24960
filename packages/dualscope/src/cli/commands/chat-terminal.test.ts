// How the command behaves on a terminal: a pseudo-terminal, where there is one.
import { mkdtempDisposable, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createMock, faults } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { type Ended, hasTerminal, start } from '../../../test/spawn-command.ts'

const escape = '\u001B'
const mock = createMock()
let server: ListeningMock
let env: Record<string, string>

beforeAll(async () => {
  server = await listen(mock)
  env = { DASHSCOPE_API_KEY: 'sk-any', DASHSCOPE_BASE_URL: server.url }
})
afterEach(() => mock.reset())
afterAll(() => server.close())

function chat(words: readonly string[], more: Record<string, string> = {}): Promise<Ended> {
  return start(['chat', ...words], { terminal: true, env: { ...env, ...more } }).ended
}

test.skipIf(!hasTerminal)(
  'on a terminal thinking is dimmed, and no control character of the model arrives',
  async () => {
    mock.use({
      reasoning: `ponder${escape}]0;title\u0007`,
      text: ['a', escape, '[2J', '\u009B31m', 'b\u0008\rc\u007F', '中文\n'],
    })
    const { code, stdout } = await chat(['hi', '--thinking'])
    expect(code).toBe(0)
    expect(stdout.replaceAll(`${escape}[22m${escape}[2m`, '')).toContain(`${escape}[2mponder]0;title${escape}[22m`)
    expect(stdout).toContain('a[2J31mbc中文\r\n')
    // The rest are the command's own styles, its erasing of the last line, and the terminal's line ends.
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(stdout.replaceAll(/\u001B\[(2|22)m|\r\u001B\[K|\r\n/g, '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F]/)
  },
)

test.skipIf(!hasTerminal)('NO_COLOR takes the styles off a terminal', async () => {
  mock.use({ reasoning: 'ponder', text: 'ok' })
  const { stdout } = await chat(['hi', '--thinking'], { NO_COLOR: '1' })
  expect(stdout).toContain('Thinking:\r\nponder\r\n\r\nAnswer:\r\n')
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  expect(stdout).not.toMatch(/\u001B\[[\d;]*m/)
})

test.skipIf(!hasTerminal)('Ctrl-C on a terminal ends the stream with what was spent', async () => {
  mock.use({ text: ['one ', 'two ', 'three'], fault: faults.stall({ text: 2 }) })
  const { child, ended, shows } = start(['chat', 'count'], { env, terminal: true })
  await shows('one')
  child.stdin?.write('\u0003')
  const { code, stdout } = await ended
  expect({ code, stdout }).toEqual({ code: 130, stdout: expect.stringContaining('Interrupted after') })
})

test.skipIf(!hasTerminal)('a terminal without a key offers the mock, which answers if it is accepted', async () => {
  const { child, ended, shows } = start(['chat', 'hi'], { terminal: true })
  await shows('Use the local mock')
  child.stdin?.write('\r')
  const { code, stdout } = await ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('You said: hi') })
})

test.skipIf(!hasTerminal)('declining the mock on a terminal ends with 3', async () => {
  const { child, ended, shows } = start(['chat', 'hi'], { terminal: true })
  await shows('Use the local mock')
  child.stdin?.write('n')
  const { code, stdout } = await ended
  expect({ code, stdout }).toEqual({ code: 3, stdout: expect.stringContaining('DASHSCOPE_API_KEY is not set') })
})

test.skipIf(!hasTerminal)('on a terminal the upload of a large file shows a bar, and takes it away', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'holiday.mp4')
  await writeFile(file, Buffer.from('00000018667479706d703432000000006d70343269736f6d', 'hex'))
  await truncate(file, 12_000_000)
  const { code, stdout } = await chat(['Look.', '--video', file])
  expect(code).toBe(0)
  expect(stdout).toMatch(/uploading holiday\.mp4 █*░* \d+% of 12\.0 MB/)
  expect(stdout).toContain(`█ 100% of 12.0 MB\r${escape}[K`)
  expect(stdout).toContain('I see 1 video.')
  expect(mock.requests.map(({ endpoint }) => endpoint)).toEqual(['policy', 'upload', 'chat'])
})

test.skipIf(!hasTerminal)('on a terminal Markdown is rendered in columns, and --plain prints it as it is', async () => {
  const markdown =
    '# Birds\n\nAn **eagle** and a [bank](https://evil.example).\n\n| 名字 | legs |\n|--|--:|\n| 鹰 🦅 | 2 |\n'
  mock.use({ text: Array.from(markdown) })
  const { stdout } = await chat(['hi'], { NO_COLOR: '1' })
  expect(stdout).toContain('Birds\r\n')
  expect(stdout).toContain('An eagle and a bank (https://evil.example).\r\n')
  expect(stdout).toContain('│ 名字  │ legs │\r\n')
  expect(stdout).toContain('│ 鹰 🦅 │    2 │\r\n')
  mock.use({ text: markdown })
  expect((await chat(['hi', '--plain'])).stdout).toContain('An **eagle** and a [bank](https://evil.example).\r\n')
})

test.skipIf(!hasTerminal)('character references and bidirectional controls stay harmless in Markdown', async () => {
  mock.use({ text: 'a&#27;[2J&#x1B;]0;t&#7;b&#155;31m \u202Eevil\u2066 שלום &rlm;end' })
  const { code, stdout } = await chat(['hi'], { NO_COLOR: '1' })
  expect(code).toBe(0)
  expect(stdout).toContain('שלום')
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  expect(stdout.replaceAll(/\r\u001B\[K|\r\n/g, '')).not.toMatch(/[\u0000-\u001F\u007F-\u009F\u200F\u202E\u2066]/)
})
