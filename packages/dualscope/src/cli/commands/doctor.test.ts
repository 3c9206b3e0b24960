import { createMock, type Scenario } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

import { run } from '../../../test/spawn-command.ts'

const apiKey = 'sk-right-0123456789'
const mock = createMock({ apiKey })
let server: ListeningMock

beforeAll(async () => {
  server = await listen(mock)
})
afterEach(() => mock.reset())
afterAll(() => server.close())

function doctor(words: readonly string[], env: Record<string, string>) {
  return run(['doctor', ...words], { env })
}

test('doctor ends with 0 if both protocols answer, and does not show the key', async () => {
  const { code, stdout, stderr } = await doctor(['--base-url', server.url], { DASHSCOPE_API_KEY: apiKey })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout.match(/^✓ /gm)).toHaveLength(6)
  expect(stdout).toMatch(
    /^✓ compatible answered in \d+ ms, for \d+ tokens at .*\/compatible-mode\/v1\/chat\/completions$/m,
  )
  expect(stdout).toMatch(
    /^✓ dashscope {2}answered in \d+ ms, for \d+ tokens at .*\/multimodal-generation\/generation$/m,
  )
  expect(stdout).not.toContain(apiKey)
  expect(mock.requests.map(({ protocol, issues }) => [protocol, issues])).toEqual([
    ['compatible', []],
    ['dashscope', []],
  ])
})

test('without a key doctor calls nothing and advises', async () => {
  const { code, stdout } = await doctor(['--base-url', server.url], {})
  expect(code).toBe(3)
  expect(stdout).toMatch(/^✗ key +DASHSCOPE_API_KEY is not set\n +do: .*--mock/m)
  expect(stdout.match(/^– .*not called/gm)).toHaveLength(2)
  expect(mock.requests).toEqual([])
})

test.each([
  ['a key with a line break', { DASHSCOPE_API_KEY: 'sk-a\n' }, /^✗ key +.*line break/m, 3],
  [
    'a refused key',
    { DASHSCOPE_API_KEY: 'sk-wrong-9876543210' },
    /^✗ compatible .*refused the key[^]*^ +do: .*--region[^]*^✗ dashscope /m,
    3,
  ],
  [
    'a key of another kind',
    { DASHSCOPE_API_KEY: 'LTAI0123456789' },
    /^! key +.*does not begin with sk- or st-\n +do: /m,
    3,
  ],
])('%s is reported with advice', async (_, env, message, code) => {
  const ended = await doctor(['--base-url', server.url], env)
  expect(ended.code).toBe(code)
  expect(ended.stdout).toMatch(message)
  expect(ended.stdout).not.toMatch(/wrong-98|LTAI/)
})

test('a failing protocol is reported beside the other one', async () => {
  const refusal: Scenario = { type: 'error', status: 403, code: 'AccessDenied', message: 'Access denied.' }
  mock.use(refusal)
  const { code, stdout } = await doctor(['--base-url', server.url], { DASHSCOPE_API_KEY: apiKey })
  expect(code).toBe(3)
  expect(stdout).toMatch(/^✗ compatible Access denied[^]*^ +do: [^]*^✓ dashscope /m)
})

test.each([
  ['a temporary key', 'st-right-0123456789', /^✓ key +DASHSCOPE_API_KEY is set \(st-…, 19 characters\)$/m],
  ['any key of a mock on this machine', 'any', /^✓ key +DASHSCOPE_API_KEY is set \(…, 3 characters\)$/m],
])('%s is no reason to warn', async (_, key, message) => {
  const { stdout } = await doctor([], { DASHSCOPE_API_KEY: key, DASHSCOPE_BASE_URL: server.url })
  expect(stdout).toMatch(message)
})

test('an unreachable service ends with 4, names its address once and does not advise doctor', async () => {
  const { code, stdout } = await doctor(['--base-url', 'http://127.0.0.1:1025'], { DASHSCOPE_API_KEY: apiKey })
  expect(code).toBe(4)
  expect(stdout.match(/127\.0\.0\.1:1025\/compatible-mode/g)).toHaveLength(1)
  expect(stdout.match(/do: Check the network, --base-url and the proxy\.$/gm)).toHaveLength(2)
})

test('a region without its workspace and a retired model are reported', async () => {
  const { code, stdout } = await doctor(['--region', 'frankfurt', '--model', 'kimi-k2-thinking'], {
    DASHSCOPE_API_KEY: apiKey,
  })
  expect(code).toBe(2)
  expect(stdout).toMatch(/^✓ place +region frankfurt/m)
  expect(stdout).toMatch(/^! model +kimi-k2-thinking was taken offline on .*\n +do: Use qwen3\.7-plus, .*\.$/m)
  expect(stdout).toMatch(/^✗ compatible .*workspace/m)
})

test('--json prints the checks for programs', async () => {
  const { stdout } = await doctor(['--json', '--base-url', server.url], { DASHSCOPE_API_KEY: apiKey })
  const checks = JSON.parse(stdout) as { name: string; state: string }[]
  expect(checks.map(({ name, state }) => [name, state])).toEqual(
    ['runtime', 'key', 'place', 'model', 'compatible', 'dashscope'].map((name) => [name, 'ok']),
  )
})

/** Sends the requests for one host to the mock that accepts the key, and all others to a mock that does not. */
function routing(host: string, right: string, wrong: string): string {
  const script = `const original = globalThis.fetch
globalThis.fetch = (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input)
  const target = url.host === ${JSON.stringify(host)} ? ${JSON.stringify(right)} : ${JSON.stringify(wrong)}
  return original(new Request(new URL(url.pathname + url.search, target), input instanceof Request ? input : init), init && { signal: init.signal })
}`
  return `--import data:text/javascript,${encodeURIComponent(script)}`
}

test.for([
  ['dashscope.aliyuncs.com', [], /^✓ region +the key belongs to beijing; refused by: singapore, /m, 0],
  [
    'dashscope-intl.aliyuncs.com',
    [],
    /^! region +the key belongs to singapore; refused by: beijing, virginia, hongkong, finance; skipped without --workspace: frankfurt, tokyo\n +do: Set --region singapore, /m,
    3,
  ],
  [
    'ws-1.ap-northeast-1.maas.aliyuncs.com',
    ['--workspace', 'ws-1', '--region', 'tokyo'],
    /^✓ region +the key belongs to tokyo; refused by: beijing, singapore, virginia, frankfurt, hongkong, finance$/m,
    0,
  ],
  ['nowhere.example', [], /^✗ region +no region accepted the key; refused by: .*\n +do: Add --workspace, /m, 3],
] as const)('--all-regions says that the key belongs to the region of %s', async ([host, words, message, code]) => {
  const stranger = await listen(createMock({ apiKey: 'sk-other' }))
  try {
    const env = { DASHSCOPE_API_KEY: apiKey, NODE_OPTIONS: routing(host, server.url, stranger.url) }
    const ended = await doctor(['--all-regions', ...words], env)
    expect(ended.stdout).toMatch(message)
    expect(ended.code).toBe(code)
    expect(ended.stdout + ended.stderr).not.toContain(apiKey)
    expect(mock.requests.filter(({ endpoint }) => endpoint === 'token').length).toBe(host === 'nowhere.example' ? 0 : 1)
  } finally {
    await stranger.close()
  }
})

test('--all-regions does not blame the key if no region can be reached', async () => {
  const env = { DASHSCOPE_API_KEY: apiKey, NODE_OPTIONS: routing('nowhere.example', server.url, 'http://127.0.0.1:1') }
  const { code, stdout } = await doctor(['--all-regions'], env)
  expect(stdout).toMatch(/^✗ region +no clear answer from: beijing, .*\n +do: Check the network and the proxy, /m)
  expect(code).toBe(4)
})

test('without --all-regions the key goes to one region, and --base-url does not go with it', async () => {
  await doctor(['--base-url', server.url], { DASHSCOPE_API_KEY: apiKey })
  expect(mock.requests.map(({ endpoint }) => endpoint)).toEqual(['chat', 'chat'])
  const { code, stderr } = await doctor(['--all-regions', '--base-url', server.url], { DASHSCOPE_API_KEY: apiKey })
  expect(code).toBe(2)
  expect(stderr).toMatch(/--all-regions.*--base-url/)
})
