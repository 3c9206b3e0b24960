import { mkdtempDisposable, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { Usage } from '@dualscope/core'
import { createMock, faults } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { run, start } from '../../../test/spawn-command.ts'
import { connect } from '../../connect.ts'

const apiKey = 'sk-right-0123456789'
const escape = '\u001B'
const mock = createMock({ apiKey })
let server: ListeningMock
let env: Record<string, string>

beforeAll(async () => {
  server = await listen(mock)
  env = { DASHSCOPE_API_KEY: apiKey, DASHSCOPE_BASE_URL: server.url }
})
afterEach(() => mock.reset())
afterAll(() => server.close())

function chat(words: readonly string[], options: Parameters<typeof run>[1] = {}) {
  return run(['chat', ...words], { ...options, env: { ...env, ...options.env } })
}

const million: Usage = { inputTokens: 1_000_000, outputTokens: 0, totalTokens: 1_000_000 }

/** Two lines, what and what to do, and nothing like a stack. */
const twoLines = /^error: .+\n {3}do: .+\n$/

test.each(['compatible', 'dashscope'])(
  'over %s the answer goes to stdout, thinking, usage and cost to stderr, without colours into pipes',
  async (protocol) => {
    mock.use({
      reasoning: ['Hm', ', well.'],
      text: ['I am', ' Kimi.'],
      usage: { inputTokens: 1000, outputTokens: 2000, totalTokens: 3000, reasoningTokens: 500 },
    })
    expect(await chat(['Who', 'are you?', '--thinking'], { env: { DUALSCOPE_PROTOCOL: protocol } })).toEqual({
      code: 0,
      stdout: 'I am Kimi.\n',
      stderr: `Thinking:\nHm, well.\n\n\n1,000 tokens in, 2,000 out (500 thinking) · about $0.0066 · kimi-k2.5 over ${protocol}\n`,
    })
    expect(mock.requests).toHaveLength(1)
    expect(JSON.stringify(mock.requests[0]?.body)).toContain('Who are you?')
  },
)

test.each<[string, Usage, string]>([
  ['hits save', { ...million, cachedTokens: 1_000_000 }, 'about $0.115 (cache $0.115, $0.459 saved over no cache)'],
  [
    'writes cost',
    { ...million, cacheWriteTokens: 400_000, cacheType: 'explicit' },
    'about $0.631 (cache $0.287, $0.0574 more than no cache)',
  ],
])('the cost shows what the cache did: %s', async (_, usage, cost) => {
  mock.use({ text: 'I am Kimi.', usage })
  const { stderr } = await chat(['Who are you?'])
  expect(stderr).toContain(cost)
})

test('a prompt is read from a pipe if the command line has none', async () => {
  expect(await chat(['--system', 'Be brief.'], { input: 'What is in\nthis?\n' })).toMatchObject({
    code: 0,
    stdout: 'You said: What is in\nthis?\n',
  })
  expect(mock.requests[0]?.body).toMatchObject({
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'What is in\nthis?' },
    ],
  })
})

test('piped input follows the prompt after a blank line', async () => {
  const { code, stdout } = await chat(['Write a commit message'], { shellInput: '+ a line' })
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'You said: Write a commit message\n\n+ a line\n' })
})

test('without a prompt the command sends nothing', async () => {
  const { code, stderr } = await chat([], { input: ' \n' })
  expect({ code, stderr, sent: mock.requests.length }).toMatchObject({ code: 2, sent: 0 })
  expect(stderr).toMatch(twoLines)
})

test('--json prints the result of chat() with its cost as one line', async () => {
  const { code, stdout, stderr } = await chat(['hi', '--json', '--thinking'])
  mock.reset()
  const { output: _, ...expected } = await connect({ protocol: 'compatible', apiKey, baseUrl: server.url }).chat({
    model: 'kimi-k2.5',
    messages: [{ role: 'user', content: 'hi' }],
    thinking: true,
  })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.match(/\n/g)).toHaveLength(1)
  expect(JSON.parse(stdout)).toEqual({ ...expected, cost: expect.objectContaining({ currency: 'USD' }) })
})

test('--json --stream prints each event as a line, and the result last', async () => {
  mock.use({ reasoning: 'Hm.', text: ['a', 'b'] })
  const { stdout } = await chat(['hi', '--json', '--stream', '--thinking', '--protocol', 'dashscope'])
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines.map(({ type, delta }) => [type, delta])).toEqual([
    ['reasoning-delta', 'Hm.'],
    ['text-delta', 'a'],
    ['text-delta', 'b'],
    ['finish', undefined],
    ['result', undefined],
  ])
  expect(lines.at(-1)).toMatchObject({ result: { text: 'ab', reasoning: 'Hm.', protocol: 'dashscope' } })
})

test('pictures, videos and frames come from files and URLs, each with its fps', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR4nGOMSdjAQApgIkn1qIZRDUNKAwAzpAFPwGqDjwAAAABJRU5ErkJggg==',
    'base64',
  )
  const file = join(folder.path, 'a.png')
  await writeFile(file, png)
  const frames = ['1', '2', '3', '4'].map((name) => `https://example.com/${name}.jpg`)
  const words = [
    'Look.',
    '--image',
    file,
    '--image',
    'https://example.com/b.png',
    '--video',
    'https://example.com/c.mp4',
  ]
  const { stdout } = await chat([...words, '--fps', '0.5', '--frames', ...frames])
  expect(stdout).toBe('You said: Look.\nI see 2 images, 1 video at 0.5 fps, a video of 4 frames at 0.5 fps.\n')
  expect(JSON.stringify(mock.requests[0]?.body)).toContain(`data:image/png;base64,${png.toString('base64')}`)
})

test.each([
  ['an unknown option', ['hi', '--thinkin'], 'Did you mean --thinking?'],
  ['no number', ['hi', '--fps', 'fast'], 'It must be a number'],
  ['extra parameters that are not JSON', ['hi', '--extra', '{a}'], 'It must be a JSON object'],
  ['a schema that is missing', ['hi', '--schema', '/no/such.json'], '/no/such.json'],
  ['an unknown region', ['hi', '--region', 'mars'], 'singapore'],
  ['an unknown protocol', ['hi', '--protocol', 'grpc'], '"grpc" is unknown'],
  ['a missing file', ['hi', '--image', '/no/such.png'], '/no/such.png'],
  ['fps without a video', ['hi', '--fps', '2'], '--video'],
  ['a value out of range', ['hi', '--video', 'https://example.com/a.mp4', '--fps', '11'], 'at most 10'],
  ['--stream without --json', ['hi', '--stream'], '--json'],
  ['what a model cannot do', ['hi', '--model', 'kimi-k2-thinking', '--no-thinking'], 'always thinks'],
])('%s ends with 2 and two lines, before anything is sent', async (_, words, told) => {
  const { code, stdout, stderr } = await chat(words)
  expect({ code, stdout, sent: mock.requests.length }).toEqual({ code: 2, stdout: '', sent: 0 })
  expect(stderr).toMatch(twoLines)
  expect(stderr).toContain(told)
})

test('without a key it says so, offers the mock and ends with 3', async () => {
  const { code, stdout, stderr } = await run(['chat', 'hi'])
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
  expect(stderr).toMatch(twoLines)
  expect(stderr).toMatch(/DASHSCOPE_API_KEY is not set[^]*--mock/)
})

test('a key that no header can hold ends with 3 and is not shown', async () => {
  const { code, stderr } = await chat(['hi'], { env: { DASHSCOPE_API_KEY: 'sk-wrong\n9876543210' } })
  expect({ code, sent: mock.requests.length }).toEqual({ code: 3, sent: 0 })
  expect(stderr).toMatch(twoLines)
  expect(stderr).not.toMatch(/wrong|9876/)
})

test('--mock answers without a key and without a network', async () => {
  const { code, stdout, stderr } = await run(['chat', 'hi', '--mock'])
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'You said: hi\n' })
  expect(stderr).toContain('using the local mock')
})

test.each([
  [
    'a wrong key',
    { env: { DASHSCOPE_API_KEY: 'sk-wrong-9876543210' } },
    3,
    /keys belong to a region.*\(401, invalid_api_key, request .+\)/,
  ],
  [
    'an address where nobody is',
    { env: { DASHSCOPE_BASE_URL: 'http://127.0.0.1:1025' } },
    4,
    /^(Retrying in \d\.\d s: Could not reach .+\n){2}error: Could not reach .+\n {3}do: .+doctor.+\n$/,
  ],
])(
  '%s ends with its exit code, and shows no key',
  async (_, options, code, told) => {
    const ended = await chat(['hi'], options)
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toMatch(told)
    expect(ended.stderr).not.toMatch(/sk-(right|wrong)/)
  },
  30_000,
)

test('a throttle ends with 4, and as JSON for programs', async () => {
  mock.use({ text: '', fault: faults.throttle(100) })
  const { code, stdout, stderr } = await chat(['hi', '--json'])
  expect(code).toBe(4)
  expect(stderr).toMatch(twoLines)
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: 'rate-limit', status: 429, retryable: true, retryAfter: 100_000 },
  })
})

test('an incomplete answer is shown, and ends with 4', async () => {
  mock.use({ text: ['As far', ' as it', ' came'], fault: faults.end({ text: 2 }) })
  const { code, stdout, stderr } = await chat(['hi'])
  expect({ code, stdout }).toEqual({ code: 4, stdout: expect.stringMatching(/^As far.*\n$/) })
  expect(stderr).toMatch(twoLines)
})

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a stream cleanly: what came is message, the connection closed',
  async (signal) => {
    mock.use({ reasoning: 'Hm.', text: ['one ', 'two ', 'three'], fault: faults.stall({ text: 2 }) })
    const { child, ended, shows } = start(['chat', 'count', '--thinking'], { env })
    await shows('one')
    child.kill(signal)
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({
      code: signal === 'SIGINT' ? 130 : 143,
      stdout: expect.stringMatching(/^one .*\n$/),
    })
    expect(stderr).toMatch(/Interrupted after 3 characters of thinking and \d+ of the answer; .*\n$/)
    await expect.poll(() => mock.openResponses).toBe(0)
  },
)

test('an interrupted answer is JSON for programs too', async () => {
  mock.use({ text: ['one ', 'two'], fault: faults.stall({ text: 2 }) })
  const { child, ended } = start(['chat', 'count', '--json'], { env })
  await expect.poll(() => mock.openResponses, { timeout: 20_000 }).toBe(1)
  await new Promise((resolve) => setTimeout(resolve, 1000))
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect({ code, result: JSON.parse(stdout) as unknown }).toMatchObject({
    code: 130,
    result: { interrupted: true, text: /./ },
  })
})

test('a reader that leaves early causes no error', async () => {
  const text = Array.from({ length: 2000 }, (_, line) => `line ${line} of a long answer that fills the pipe\n`)
  mock.use({ text })
  const { child, ended } = start(['chat', 'hi'], { env })
  child.stdout?.once('data', () => child.stdout?.destroy())
  expect(await ended).toMatchObject({ code: 141, stderr: '' })
})

test('the answer goes into a pipe unchanged', async () => {
  mock.use({ text: `${escape}[31mred${escape}[0m` })
  expect((await chat(['hi'])).stdout).toBe(`${escape}[31mred${escape}[0m\n`)
})

test('sampling options, search, stops and extra parameters reach the service', async () => {
  const words = ['hi', '--model', 'some-model', '--temperature', '0.5', '--top-p', '0.9', '--max-tokens', '100']
  const { code } = await chat(
    [...words, '--seed', '7', '--stop', 'END', '--stop', 'FIN', '--search', '--extra', '{"logit_bias":{"1":2}}'],
    { env: { DUALSCOPE_PROTOCOL: 'compatible' } },
  )
  expect(code).toBe(0)
  expect(mock.requests[0]?.body).toMatchObject({
    model: 'some-model',
    temperature: 0.5,
    top_p: 0.9,
    max_tokens: 100,
    seed: 7,
    stop: ['END', 'FIN'],
    enable_search: true,
    logit_bias: { 1: 2 },
  })
})

test('--schema prints the answer as JSON that matches, and ends with 1 if none does', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const schema = join(folder.path, 'bird.json')
  const fields = { name: { type: 'string' }, legs: { type: 'integer' } }
  await writeFile(schema, JSON.stringify({ type: 'object', properties: fields, required: ['name', 'legs'] }))
  mock.use({ text: '{"name":"eagle","legs":2}' })
  const good = await chat(['Which bird? Answer in JSON.', '--schema', schema])
  expect(good).toMatchObject({ code: 0, stdout: '{\n  "name": "eagle",\n  "legs": 2\n}\n' })
  mock.use({ text: '{"name":"eagle"}' })
  const bad = await chat(['Which bird? Answer in JSON.', '--schema', schema])
  expect(bad).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('legs') })
})

test('an error names the file or the option of its cause, with --json too', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'notes.json')
  await writeFile(file, '{"type":"module"}')
  const inputs = [
    [['--image', file], `${file}: must be one of image/`],
    [['--frames', file, file, file, 'https://example.com/4.png'], `${file}: must be one of image/`],
    [['--video', 'https://example.com/a.mp4', '--fps', '99'], '--fps: must be at most 10, got 99'],
    [['--max-tokens', '1.5'], '--max-tokens: must be a whole number, got 1.5'],
    [['--schema', file], `${file}: the JSON Schema cannot be checked`],
  ] as const
  for (const [words, message] of inputs) {
    const plain = await chat(['hi', ...words])
    expect(plain).toMatchObject({ code: 2, stdout: '' })
    expect(plain.stderr).toContain(`error: ${message}`)
    const json = await chat(['hi', ...words, '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { message: expect.stringContaining(message) } })
  }
})

test('--file adds a text file under its name', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'notes.txt')
  await writeFile(file, 'Eagles fly high.\n')
  expect((await chat(['Summarize.', '--file', file])).code).toBe(0)
  expect(JSON.stringify(mock.requests[0]?.body)).toMatch(/File notes\.txt:.*Eagles fly high\..*Summarize\./)
})

test('a file of the wrong kind is named by its path', async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), 'dualscope-'))
  const file = join(folder.path, 'bird.png')
  await writeFile(file, 'GIF89a')
  for (const option of ['--image', '--file', '--video']) {
    if (option === '--file') await writeFile(file, Buffer.from([0xff, 0xd8, 0xff]))
    const { code, stderr } = await chat(['Look.', option, file])
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(`error: ${file}`) })
    expect(stderr).not.toContain('messages[')
  }
  expect(mock.requests).toEqual([])
})

test('a prompt after --frames is not taken for a frame', async () => {
  const frames = ['1', '2', '3', '4'].map((name) => `https://example.com/${name}.jpg`)
  const { stdout } = await chat(['--frames', ...frames, 'What happens here?'])
  expect(stdout).toBe('You said: What happens here?\nI see a video of 4 frames.\n')
})

test('--quiet prints the answer alone', async () => {
  mock.use({ reasoning: 'Hm.', text: 'Yes.' })
  expect(await chat(['hi', '--thinking', '--quiet'])).toEqual({ code: 0, stdout: 'Yes.\n', stderr: '' })
  expect(await run(['chat', 'hi', '--mock', '--quiet'])).toEqual({ code: 0, stdout: 'You said: hi\n', stderr: '' })
})

test('DUALSCOPE_MODEL is the default model, and --model wins over it', async () => {
  await chat(['hi'], { env: { DUALSCOPE_MODEL: 'kimi-k2.6' } })
  await chat(['hi', '--model', 'kimi-k2.5'], { env: { DUALSCOPE_MODEL: 'kimi-k2.6' } })
  expect(mock.requests.map(({ body }) => (body as { model: string }).model)).toEqual(['kimi-k2.6', 'kimi-k2.5'])
})

test('a prompt without its command is refused with the command to write', async () => {
  const { code, stderr } = await run(['Who are you?'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/do: To send a prompt: dualscope chat "Who are you\?"\n$/)
})

test('the cost in JSON has no binary noise', async () => {
  mock.use({ text: 'ok', usage: { inputTokens: 1, outputTokens: 3, totalTokens: 4 } })
  const { stdout } = await chat(['hi', '--json'])
  // 1 × 0.574 + 3 × 3.011 USD a million tokens; in binary fractions 0.000009607000000000001.
  expect(stdout).toContain('"total":0.000009607,')
})

test('bidirectional controls are escaped in JSON, and removed from errors', async () => {
  mock.use({ text: 'a\u202Eb' })
  expect((await chat(['hi', '--json'])).stdout).toContain(String.raw`a\u202eb`)
  mock.use({ type: 'error', status: 400, code: 'InvalidParameter', message: 'gpj\u202E.exe\u2066' })
  const { stderr } = await chat(['hi'])
  expect(stderr).toContain('gpj.exe')
})
