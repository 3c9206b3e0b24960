import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

import { compatible } from '@dualscope/compatible'
import type { Transport, TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { contract, createMock } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => vi.unstubAllEnvs())

const run = promisify(execFile)
const connects = [compatible, dashscope] as const

test('both transports pass the whole suite on node:test too, whatever the environment says', async () => {
  const args = ['--test', '--test-reporter=tap', 'node-test/contract.ts']
  const { NODE_TEST_CONTEXT: _, ...inherited } = process.env
  const settings = { DASHSCOPE_BASE_URL: 'http://mock.test', DASHSCOPE_API_KEY: 'x', DUALSCOPE_PROTOCOL: 'neither' }
  const env = { ...inherited, ...settings }
  const { stdout } = await run(process.execPath, args, { cwd: import.meta.dirname, env, maxBuffer: 2 ** 26 })
  const cases = connects.reduce((sum, connect) => sum + contract(connect).length, 0)
  expect(/^# pass (\d+)$/m.exec(stdout)?.[1]).toBe(String(cases))
  expect(/^# fail (\d+)$/m.exec(stdout)?.[1]).toBe('0')
}, 120_000)

test.each(connects)('the names of the cases of $name are sentences of their own', (connect) => {
  const names = contract(connect).map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(names.length).toBeGreaterThan(180)
})

test('what a transport lacks is in the list, and is checked where a request can ask for it', async () => {
  const lacking = contract(compatible).filter(({ name }) => name.includes('not claimed'))
  expect(lacking.map(({ name }) => /\(not claimed: (.+)\)$/.exec(name)?.[1])).toEqual(
    expect.arrayContaining(['maxFrames; it is refused', 'sources; it is refused', 'cumulative', 'routes']),
  )
  // It has them: to say that it has not is found out.
  const wrong = contract(compatible, { features: { tools: false } }).filter(({ name }) =>
    /: tools; it is refused/.test(name),
  )
  expect(wrong.length).toBeGreaterThan(3)
  for (const { run } of wrong) await expect(run()).rejects.toThrow(/no error came/)
})

test.each(connects)('no case of $name depends on the environment', async (connect) => {
  vi.stubEnv('DASHSCOPE_BASE_URL', 'http://elsewhere.test')
  vi.stubEnv('DASHSCOPE_API_KEY', 'sk-of-the-environment')
  vi.stubEnv('DUALSCOPE_PROTOCOL', 'nonsense')
  const cases = contract(connect).filter(({ part }) => /^(request|routes|refusals|media|secrets)$/.test(part))
  const failures = await Promise.all(
    cases.map(({ name, run }) =>
      run().then(
        () => [],
        (error: unknown) => [`${name}: ${String(error)}`],
      ),
    ),
  )
  expect(failures.flat()).toEqual([])
})

test('every case names its part, and the duty of a transport there', () => {
  for (const { name, part, duty } of contract(compatible)) {
    expect(name.startsWith(`${part}: `)).toBe(true)
    expect(duty).toMatch(/^[A-Z].*\.$/)
  }
})

/** A transport whose errors hold more. */
function failingWith(extra: (options: TransportOptions) => object) {
  return (options: TransportOptions): Transport => {
    const inner = compatible(options)
    return {
      protocol: inner.protocol,
      stream: inner.stream,
      send: (...call) =>
        inner.send(...call).catch((error: unknown) => Promise.reject(Object.assign(error as Error, extra(options)))),
    }
  }
}

function refusedKeyCase(extra: (options: TransportOptions) => object) {
  return contract(failingWith(extra)).find(({ name }) => name.startsWith('errors: 401'))!
}

test('an error is accused of showing the key only if the key is in it', async () => {
  await refusedKeyCase(() => ({ response: new Response('', { headers: { 'x-request-id': '1' } }) })).run()
  const leaking = refusedKeyCase(({ apiKey }) => ({
    request: new Request('https://a.test', { headers: { authorization: `Bearer ${String(apiKey)}` } }),
  }))
  await expect(leaking.run()).rejects.toThrow(/shows the key in error\.request/)
})

test('what differs is told by its place', async () => {
  const cases = contract((options) =>
    compatible({ ...options, headers: { ...(options.headers as Record<string, string>), 'x-one': 'mine' } }),
  )
  const { run } = cases.find(({ name }) => name.includes("the call's win"))!
  await expect(run()).rejects.toThrow('The headers\n  x-one: expected "transport", got "mine"')
})

test('without a key a live run is one case that says so', () => {
  vi.stubEnv('DASHSCOPE_API_KEY', undefined)
  const cases = contract(compatible, { live: { model: 'kimi-k2.5', apiKey: undefined } })
  expect(cases.map(({ name }) => name)).toEqual(['live: not run, because DASHSCOPE_API_KEY is not set'])
})

test.each(connects)('a live run over $name holds against a service, within its budget', async (connect) => {
  const mock = createMock({ apiKey: 'sk-live', latency: 2 })
  const { url, close } = await listen(mock)
  const over = (budget?: number) =>
    contract((options) => connect({ ...options, baseUrl: url }), {
      live: { model: 'kimi-k2.5', apiKey: 'sk-live', budget },
    })
  try {
    const says = /"hello"|91 prime|picture|scene|goodbye/
    for (const { name, run } of over()) {
      // The mock echoes, so it never runs into a limit; and the model does exist there.
      if (/unknown model/.test(name)) continue
      if (/"length"/.test(name)) mock.use({ text: 'one', finishReason: 'length' })
      if (/a tool is called/.test(name)) mock.use({ toolCalls: [{ name: 'weather', arguments: '{"city":"Ulm"}' }] })
      await run()
    }
    expect(says.test(JSON.stringify(mock.requests))).toBe(true)
    expect(mock.requests.length).toBeLessThan(20)
    const [first, second] = over(1)
    await first?.run()
    await expect(second?.run()).rejects.toThrow(/budget of 1 tokens is spent/)
  } finally {
    await close()
  }
})
