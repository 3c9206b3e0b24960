import { expect, test } from 'vitest'

import { faults } from '../faults/faults.ts'
import type { Protocol } from '../protocol.ts'
import { createMock } from './mock.ts'
import type { Scenario } from './scenario.ts'

const messages = [{ role: 'user', content: 'Who are you?' }]

async function ask(protocol: Protocol, scenario: Scenario, stream = true) {
  const mock = createMock()
  mock.use(scenario)
  const compatible = protocol === 'compatible'
  const path = compatible
    ? '/compatible-mode/v1/chat/completions'
    : '/api/v1/services/aigc/multimodal-generation/generation'
  const body = compatible
    ? { model: 'kimi-k2.5', messages, enable_thinking: true, stream }
    : { model: 'kimi-k2.5', input: { messages }, parameters: { enable_thinking: true, incremental_output: true } }
  const response = await mock.fetch(`https://dashscope.aliyuncs.com${path}`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer any',
      'content-type': 'application/json',
      ...(compatible || !stream ? {} : { 'x-dashscope-sse': 'enable' }),
    },
    body: JSON.stringify(body),
  })
  const received: string[] = []
  try {
    const decoder = new TextDecoder()
    for await (const bytes of response.body!) received.push(decoder.decode(bytes, { stream: true }))
    return { status: response.status, text: received.join(''), broken: false }
  } catch {
    return { status: response.status, text: received.join(''), broken: true }
  }
}

const answer = { reasoning: ['r1', 'r2'], text: ['t1', 't2', 't3'] }
function seen(text: string) {
  return text.match(/(?<=")[rt]\d(?=")|"code"|(?<="finish_reason":")stop|DONE/g) ?? []
}

for (const protocol of ['compatible', 'dashscope'] as const) {
  test.each([
    [faults.end(0), []],
    [faults.end(3), ['r1', 'r2', 't1']],
    [faults.end({ reasoning: 1 }), ['r1']],
    [faults.end({ text: 2 }), ['r1', 'r2', 't1', 't2']],
    [faults.errorFrame({ text: 2 }), ['r1', 'r2', 't1', 't2', '"code"']],
    [faults.errorFrame(0), ['"code"']],
  ])(`${protocol}: %j comes after the same deltas`, async (fault, expected) => {
    expect(seen((await ask(protocol, { ...answer, fault })).text)).toEqual(expected)
  })

  test(`${protocol}: the finish reason is a place, and an error scenario counts alike`, async () => {
    const finished = await ask(protocol, { ...answer, fault: faults.reset('finish') })
    expect(seen(finished.text).at(-1)).toBe('stop')
    expect(finished.broken).toBe(true)
    const failed = await ask(protocol, { type: 'error', status: 500, after: 3, answer })
    expect(seen(failed.text).filter((each) => each !== '"code"')).toEqual(['r1', 'r2', 't1'])
  })

  test(`${protocol}: a whole answer is cut in its middle`, async () => {
    const ended = await ask(protocol, { ...answer, fault: faults.end({ text: 2 }) }, false)
    expect(ended.broken).toBe(false)
    expect(() => JSON.parse(ended.text)).toThrow(SyntaxError)
    const broken = await ask(protocol, { ...answer, fault: faults.reset({ text: 2 }) }, false)
    expect(broken).toEqual({ ...ended, broken: true })
  })

  test.each([faults.end({ text: 4 }), faults.reset({ bytes: 100_000 }), faults.errorFrame({ toolCall: 1 })])(
    `${protocol}: a place that the answer does not have is refused: %j`,
    async (fault) => {
      const { status, text } = await ask(protocol, { ...answer, fault })
      expect(status).toBe(400)
      expect(text).toContain('MockFaultNotReached')
    },
  )

  test(`${protocol}: an error scenario without code and message has those of its status`, async () => {
    const { status, text } = await ask(protocol, { type: 'error', status: 429 })
    expect(status).toBe(429)
    expect(text).toMatch(/limit_requests|Throttling\.RateQuota/)
  })

  test(`${protocol}: a scenario of only a fault answers from the request`, async () => {
    const { text } = await ask(protocol, { fault: faults.noDone() })
    expect(text).toContain('You said')
  })
}
