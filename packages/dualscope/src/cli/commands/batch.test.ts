import { existsSync } from 'node:fs'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createMock, type MockOptions } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { expect, test } from 'vitest'

import { hasSmallDisk, hasTerminal, run, start } from '../../../test/spawn-command.ts'

async function setup(lines: readonly unknown[], mockOptions: MockOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'dualscope-batch-'))
  const [input, out] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')]
  await writeFile(input, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''))
  const mock = createMock(mockOptions)
  const server = await listen(mock)
  return {
    mock,
    out,
    words: ['batch', input, '--out', out],
    env: { DASHSCOPE_API_KEY: 'sk-test', DASHSCOPE_BASE_URL: server.url },
    async ids() {
      const text = await readFile(out, 'utf8')
      return text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id)
        .toSorted()
    },
    [Symbol.asyncDispose]: () => server.close(),
  }
}

const prompts = ['a', 'b', 'c'].map((id) => ({ id, prompt: `This is ${id}` }))

test.each(['compatible', 'dashscope'])(
  'batch answers each line once over %s, and a second run nothing',
  async (protocol) => {
    await using batch = await setup(prompts)
    const first = await run([...batch.words, '--protocol', protocol], batch)
    expect(first).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('3 done') as string })
    expect(first.stderr).toMatch(/about \$0\.000\d+/)
    expect(await run(batch.words, batch)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('3 were answered') as string,
    })
    expect(await batch.ids()).toEqual(['a', 'b', 'c'])
    expect(batch.mock.requests).toHaveLength(3)
  },
)

test('batch ends with 1 if a request failed, and --retry-failed sends it again', async () => {
  await using batch = await setup(prompts)
  batch.mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'No.' })
  expect(await run([...batch.words, '--concurrency', '1'], batch)).toMatchObject({ code: 1 })
  expect(await run(batch.words, batch)).toMatchObject({ code: 1 })
  const retried = await run([...batch.words, '--retry-failed', '--json'], batch)
  expect(retried.code).toBe(0)
  expect(JSON.parse(retried.stdout)).toMatchObject({ type: 'summary', done: 1, failed: 0, skipped: 2 })
})

test('batch --check sends nothing if a line is invalid, and names it', async () => {
  await using batch = await setup([...prompts, '{', { id: 'x', request: { messages: [], temprature: 1 } }])
  const { code, stderr } = await run([...batch.words, '--check'], batch)
  expect(code).toBe(2)
  expect(stderr).toContain('line 4:')
  expect(stderr).toContain('line 5:')
  expect(batch.mock.requests).toHaveLength(0)
  expect(existsSync(batch.out)).toBe(false)
})

test('Ctrl-C lets batch finish the requests under way, and the same command continues', async () => {
  await using batch = await setup(prompts, { latency: 500 })
  const { child, ended, shows } = start([...batch.words, '--concurrency', '1'], batch)
  await expect.poll(() => batch.mock.requests.length, { timeout: 20_000 }).toBe(1)
  child.kill('SIGINT')
  await shows('Finishing the requests under way')
  const { code, stderr } = await ended
  expect(code).toBe(130)
  expect(stderr).toContain('Run the same command again to continue')
  expect(await batch.ids()).toEqual(['a'])
  expect(await run(batch.words, batch)).toMatchObject({ code: 0 })
  expect(await batch.ids()).toEqual(['a', 'b', 'c'])
})

test('a killed batch continues once its lock is stale', async () => {
  await using batch = await setup(prompts, { latency: 500 })
  const { child, ended } = start([...batch.words, '--concurrency', '1'], batch)
  await expect.poll(() => batch.mock.requests.length, { timeout: 20_000 }).toBe(2)
  child.kill('SIGKILL')
  await ended
  expect(await run(batch.words, batch)).toMatchObject({ code: 0 })
  expect(await batch.ids()).toEqual(['a', 'b', 'c'])
})

test('batch sends the schema and the system prompt', async () => {
  await using batch = await setup([prompts[0]])
  const schema = `${batch.out}.schema.json`
  await writeFile(schema, JSON.stringify({ type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }))
  batch.mock.use({ text: ['{"n":7}'] })
  await run([...batch.words, '--schema', schema, '--system', 'Count in JSON.', '--no-thinking'], batch)
  expect(JSON.parse(await readFile(batch.out, 'utf8'))).toMatchObject({ result: { output: { n: 7 } } })
  expect(batch.mock.requests[0]?.body).toMatchObject({
    messages: [{ content: expect.stringMatching(/^Count in JSON\./) as string }, {}],
    enable_thinking: false,
  })
})

test.runIf(hasTerminal)('batch shows its progress on a terminal', async () => {
  await using batch = await setup(prompts, { latency: 300 })
  const { stdout } = await run([...batch.words, '--concurrency', '1'], { ...batch, terminal: true })
  expect(stdout).toMatch(/\d done, \d+\/min.* left/)
  expect(stdout).toContain('3 done')
})

test.each([
  [['--rpm', '0'], '--rpm'],
  [['--tpm', '1e3'], 'whole number'],
  [['--schema', 'nothing.json'], 'nothing.json'],
])('batch %j ends with 2', async (words, message) => {
  await using batch = await setup(prompts)
  expect(await run([...batch.words, ...words], batch)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(message) as string,
  })
})

test('batch without its input or its output ends with 2', async () => {
  await using batch = await setup(prompts)
  expect(await run(['batch', 'nothing.jsonl', '--out', batch.out], batch)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: Cannot open a file: ENOENT.*'nothing\.jsonl'/) as string,
  })
  expect(existsSync(batch.out)).toBe(false)
  expect(await run(batch.words.slice(0, 2), batch)).toMatchObject({ code: 2 })
})

test('batch reads requests from a pipe, which --check cannot read twice', async () => {
  await using batch = await setup(prompts)
  const shellInput = prompts.map((each) => JSON.stringify(each)).join('\n')
  const words = ['batch', '-', '--out', batch.out]
  expect(await run([...words, '--check'], { ...batch, shellInput })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--check needs a file') as string,
  })
  expect(await run(words, { ...batch, shellInput })).toMatchObject({ code: 0 })
  expect(await run(['batch', '/dev/stdin', '--out', batch.out], { ...batch, shellInput })).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('3 were answered') as string,
  })
  expect(await batch.ids()).toEqual(['a', 'b', 'c'])
})

test('Ctrl-C ends batch while its pipe is open and silent', async () => {
  await using batch = await setup([])
  const { child, ended } = start(['batch', '-', '--out', batch.out], { ...batch, keepOpen: true })
  child.stdin?.write(`${JSON.stringify(prompts[0])}\n`)
  await expect.poll(() => batch.mock.requests.length, { timeout: 20_000 }).toBe(1)
  await expect.poll(() => existsSync(batch.out)).toBe(true)
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ code: 130 })
  expect(await batch.ids()).toEqual(['a'])
})

test.runIf(hasSmallDisk)('batch ends with 1 when the disk is full, and says what to do', async () => {
  await using batch = await setup(Array.from({ length: 90 }, (_, index) => ({ id: String(index), prompt: 'Hi' })))
  const disk = await mkdtemp(join(tmpdir(), 'dualscope-disk-'))
  const words = [...batch.words.slice(0, 3), join(disk, 'out.jsonl')]
  expect(await run(words, { ...batch, smallDisk: disk })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Cannot write the answers: ENOSPC.*\n.*run the same command again/) as string,
  })
})

test('batch with a schema that cannot be checked ends with 2 and sends nothing', async () => {
  await using batch = await setup(prompts)
  const schema = `${batch.out}.schema.json`
  await writeFile(schema, '{"type":"object","properties":{"n":{"type":"intger"}}}')
  expect(await run([...batch.words, '--schema', schema], batch)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('properties.n.type must be one of') as string,
  })
  expect(batch.mock.requests).toHaveLength(0)
  expect(existsSync(batch.out)).toBe(false)
})

test('a key that is refused in the middle ends batch with 3, and the answers until then stay', async () => {
  await using batch = await setup(prompts)
  batch.mock.use({ text: ['One'] })
  batch.mock.use({ type: 'error', status: 401, code: 'InvalidApiKey', message: 'No.' })
  const { code, stderr } = await run([...batch.words, '--concurrency', '1'], batch)
  expect(code).toBe(3)
  expect(stderr).toContain('1 done')
  expect(await batch.ids()).toEqual(['a'])
})

test.runIf(hasTerminal)('batch shows its progress while no answer comes', async () => {
  await using batch = await setup([prompts[0]], { latency: 1500 })
  const { stdout } = await run(batch.words, { ...batch, terminal: true })
  expect(stdout).toMatch(/0 done, 0\/min/)
})
