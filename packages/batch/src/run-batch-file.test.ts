import { existsSync } from 'node:fs'
import { appendFile, link, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { compatible } from '@dualscope/compatible'
import { createClient } from '@dualscope/core'
import { createMock } from '@dualscope/testing'
import { expect, test } from 'vitest'

import { type BatchAnswer, type BatchFileOptions, checkBatchFile, type LineProblem, runBatchFile } from './index.ts'

const media = join(import.meta.dirname, '../../../examples/media')

async function setup(lines: readonly string[], answers = '') {
  const folder = await mkdtemp(join(tmpdir(), 'dualscope-batch-'))
  const [input, out] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')]
  await writeFile(input, lines.map((line) => `${line}\n`).join(''))
  await writeFile(out, answers)
  const mock = createMock()
  const client = createClient({
    transport: compatible({ apiKey: 'any', fetch: mock.fetch, retries: 0 }),
    model: 'kimi-k2.5',
  })
  const problems: LineProblem[] = []
  const options = { input, out, client, onProblem: (problem: LineProblem) => problems.push(problem) }
  return {
    folder,
    mock,
    options,
    problems,
    run: (more: Partial<BatchFileOptions> = {}) => runBatchFile({ ...options, ...more }),
    async rows() {
      const text = await readFile(out, 'utf8')
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as BatchAnswer)
    },
  }
}

async function* bytesOf(text: string) {
  for (const byte of Buffer.from(text)) yield Uint8Array.of(byte)
}

function refuse(): Promise<never> {
  return Promise.reject(new TypeError('No request is sent'))
}

function prompt(id: string): string {
  return JSON.stringify({ id, prompt: `This is ${id}` })
}

function image(id: string, source: string): string {
  const content = [
    { type: 'image', image: source },
    { type: 'text', text: 'What is it?' },
  ]
  return JSON.stringify({ id, request: { messages: [{ role: 'user', content }] } })
}

test('each line gets one answer; a second run asks nothing', async () => {
  const { run, rows, mock } = await setup(['a', 'b', 'c'].map(prompt))
  expect(await run()).toMatchObject({ done: 3, failed: 0, skipped: 0, inputTokens: expect.any(Number) as number })
  expect((await rows()).map(({ id }) => id).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(['a', 'b', 'c'])
  expect(await run()).toMatchObject({ done: 0, skipped: 3 })
  expect(mock.requests).toHaveLength(3)
})

test('bad lines are reported with their numbers, duplicates are asked once', async () => {
  const lines = [
    prompt('a'),
    '{',
    '',
    prompt('a'),
    '{"id":"b"}',
    '{"id":"c","prompt":"x","temperature":1}',
    '{"id":1,"prompt":"x"}',
  ]
  const { run, rows, problems } = await setup(lines)
  expect(await run()).toMatchObject({ done: 1, bad: 4, duplicates: 1 })
  expect(problems.map(({ line, kind }) => [line, kind])).toEqual([
    [2, 'bad'],
    [4, 'duplicate'],
    [5, 'bad'],
    [6, 'bad'],
    [7, 'bad'],
  ])
  expect(problems[3]?.message).toBe('temperature: unknown; a line has id, and prompt or request')
  expect(await rows()).toHaveLength(1)
})

test('a torn last line is removed and its request asked again; a whole one without its line break is kept', async () => {
  const answer = JSON.stringify({ id: 'a', result: { text: 'Kept' } })
  const torn = await setup(['a', 'b'].map(prompt), `${answer}\n{"id":"b","resu`)
  expect(await torn.run()).toMatchObject({ done: 1, skipped: 1 })
  expect((await torn.rows()).map(({ id }) => id)).toEqual(['a', 'b'])
  const whole = await setup(['a', 'b'].map(prompt), answer)
  expect(await whole.run()).toMatchObject({ done: 1, skipped: 1 })
  expect((await whole.rows()).map(({ id }) => id)).toEqual(['a', 'b'])
})

test('failed requests become error rows, which retryFailed asks again', async () => {
  const { run, rows, mock } = await setup(['a', 'b'].map(prompt))
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'No.' })
  expect(await run({ concurrency: 1 })).toMatchObject({ done: 2, failed: 1 })
  expect((await rows())[0]).toMatchObject({ id: 'a', error: { code: 'invalid-request' } })
  expect(await run()).toMatchObject({ done: 0, skipped: 2 })
  expect(await run({ retryFailed: true })).toMatchObject({ done: 1, failed: 0, skipped: 1 })
  expect((await rows()).map((row) => [row.id, 'result' in row])).toEqual([
    ['b', true],
    ['a', true],
  ])
})

test('the output is refused while another run has it, if it is another file, and if it is the input', async () => {
  const { run, options, mock } = await setup([prompt('a')])
  await run({
    answer: async (item) => {
      await expect(runBatchFile(options)).rejects.toMatchObject({ code: 'configuration', message: /another process/ })
      return { id: item.id, error: { code: 'server', message: 'No.' } }
    },
  })
  expect(mock.requests).toHaveLength(0)
  await writeFile(options.out, 'my diary\n')
  await expect(run()).rejects.toThrow(
    'out.jsonl:1: is not an answer of a batch; remove the line, or choose another output',
  )
  await expect(run({ out: options.input })).rejects.toThrow('is the input itself')
}, 20_000)

test('file: names are opened inside the folder alone, without links', async () => {
  const { folder, run, rows, mock } = await setup([
    image('good', 'file:house.png'),
    image('outside', 'file:../house.png'),
    image('absolute', 'file:///etc/hostname'),
    image('link', 'file:link.png'),
    image('linked-folder', 'file:media/house.png'),
    image('missing', 'file:none.png'),
  ])
  const files = join(folder, 'files')
  await mkdir(files)
  await writeFile(join(files, 'house.png'), await readFile(join(media, 'house.png')))
  await symlink(join(media, 'house.png'), join(files, 'link.png'))
  await symlink(media, join(files, 'media'))
  expect(await run({ files })).toMatchObject({ done: 6, failed: 5 })
  const errors = Object.fromEntries(
    (await rows()).map((row) => [row.id, 'error' in row ? row.error.message : 'answered']),
  )
  expect(errors).toMatchObject({
    good: 'answered',
    outside: expect.stringContaining('is outside') as string,
    absolute: expect.stringContaining('is outside') as string,
    link: expect.stringContaining('is a link') as string,
    'linked-folder': expect.stringContaining('is a link') as string,
    missing: expect.stringContaining('cannot be read') as string,
  })
  expect(mock.requests).toHaveLength(1)
})

test('without a folder a file: name fails, and defaults fill what a line leaves open', async () => {
  const own = JSON.stringify({
    id: 'own',
    request: {
      messages: [
        { role: 'system', content: 'Mine' },
        { role: 'user', content: 'Hi' },
      ],
    },
  })
  const { run, rows, mock } = await setup([image('image', 'file:house.png'), prompt('a'), own])
  await run({ system: 'Be brief.', thinking: true, concurrency: 1 })
  expect((await rows())[0]).toMatchObject({ id: 'image', error: { code: 'media' } })
  const bodies = mock.requests.map(({ body }) => body as { messages: { content: string }[]; enable_thinking: boolean })
  expect(bodies.map(({ messages }) => messages[0]?.content).toSorted((a = '', b = '') => a.localeCompare(b))).toEqual([
    'Be brief.',
    'Mine',
  ])
  expect(bodies.every((body) => body.enable_thinking)).toBe(true)
})

test('a check reports invalid requests by their lines and sends nothing', async () => {
  const invalid = JSON.stringify({ id: 'x', request: { messages: [{ role: 'user', content: 'Hi' }], temprature: 1 } })
  const { options, problems } = await setup([prompt('a'), invalid, prompt('a')])
  const client = createClient({
    transport: compatible({ apiKey: 'any', retries: 0, fetch: refuse }),
    model: 'kimi-k2.5',
  })
  expect(await checkBatchFile({ ...options, client })).toBe(1)
  expect(problems.map(({ line, kind }) => [line, kind])).toEqual([
    [2, 'bad'],
    [3, 'duplicate'],
  ])
  expect(problems[0]?.message).toContain('did you mean temperature')
})

test('an answer is in the output before the next one is waited for', async () => {
  const { run, rows, options } = await setup(['a', 'b'].map(prompt))
  const controller = new AbortController()
  await expect(
    run({
      concurrency: 1,
      signal: controller.signal,
      onProgress: ({ done }) => done > 0 && controller.abort(new Error('enough')),
    }),
  ).rejects.toThrow('enough')
  expect(await rows()).toHaveLength(1)
  await appendFile(options.input, prompt('c'))
  expect(await run()).toMatchObject({ done: 2, skipped: 1 })
})

test('an input of bytes is read as it comes, and each line that is not asked is in the progress', async () => {
  const { run, rows } = await setup([])
  const seen: number[] = []
  const summary = await run({
    input: bytesOf(`${prompt('ä')}\n{\n${prompt('ä')}\n${prompt('b')}`),
    onProgress: ({ done, bad, duplicates }) => seen.push(done + bad + duplicates),
  })
  expect(summary).toMatchObject({ done: 2, bad: 1, duplicates: 1, bytesTotal: 0 })
  expect(seen).toEqual([0, 1, 2, 3, 4])
  expect((await rows()).map(({ id }) => id).toSorted()).toEqual(['b', 'ä'].toSorted())
})

test('lines that are too long or not UTF-8 are bad lines, and the rest is asked', async () => {
  const { run, options, problems } = await setup([])
  const invalid = Buffer.from('{"id":"x","prompt":"\u00ff"}\n', 'latin1')
  const long = Buffer.alloc(65 * 1024 * 1024, 'x')
  await writeFile(
    options.input,
    Buffer.concat([Buffer.from(`\uFEFF${prompt('a')}\r\n`), invalid, long, Buffer.from(`\n${prompt('b')}`)]),
  )
  expect(await run()).toMatchObject({ done: 2, bad: 2 })
  expect(problems.map(({ line, message }) => [line, message])).toEqual([
    [2, 'it is not UTF-8'],
    [3, 'it is longer than 64 MiB'],
  ])
})

test('a folder is neither input, output nor a file of answers, and a missing folder of files ends the batch', async () => {
  const { run, options, folder } = await setup([prompt('a')])
  const out = join(folder, 'new.jsonl')
  await expect(run({ input: folder, out })).rejects.toThrow('is a folder')
  await expect(run({ out: folder })).rejects.toThrow('the output must be a file')
  await expect(run({ out: '/dev/null' })).rejects.toThrow('the output must be a file')
  await expect(run({ files: join(folder, 'none'), out })).rejects.toThrow('ENOENT')
  await expect(run({ files: options.input, out })).rejects.toThrow('is not a folder')
  await expect(checkBatchFile({ ...options, files: options.input })).rejects.toThrow('is not a folder')
  expect(existsSync(out)).toBe(false)
})

test('an input is never its own output, also through a link', async () => {
  const { run, options, folder } = await setup([prompt('a')])
  const alias = join(folder, 'alias.jsonl')
  await link(options.input, alias)
  await expect(run({ out: alias })).rejects.toThrow('is the input itself')
  expect(await readFile(options.input, 'utf8')).toBe(`${prompt('a')}\n`)
})

test('large lines bound how many are under way, and the progress counts those that are answered', async () => {
  const { run, options } = await setup([])
  // 40 MiB each: the fourth one goes beyond 128 MiB.
  const padding = 'x'.repeat(40 * 1024 * 1024)
  const line = (id: string) => `${JSON.stringify({ id, prompt: `${id}${padding}` })}\n`
  await writeFile(options.input, ['a', 'b', 'c', 'd', 'e', 'f'].map(line).join(''))
  let open = 0
  let most = 0
  const done: number[] = []
  await run({
    concurrency: 100,
    onProgress: ({ bytesDone, bytesTotal }) => done.push(Math.round((6 * bytesDone) / bytesTotal)),
    async answer({ id }) {
      most = Math.max(most, (open += 1))
      await new Promise((resolve) => setTimeout(resolve, 1000))
      open -= 1
      return { id, error: { code: 'server', message: 'No.' } }
    },
  })
  expect(most).toBeLessThanOrEqual(4)
  expect(done).toEqual([0, 1, 2, 3, 4, 5, 6])
}, 30_000)
