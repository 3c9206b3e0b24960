import { compatible } from '@dualscope/compatible'
import { createClient, type Client, type ChatRequest, type OutputSpec } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { expect, test } from 'vitest'

// Four times the input takes about four times as long, and sixteen times with the square of it. Eight lies between both on
// a busy machine.
const factor = 4
const limit = 8

type Protocol = 'compatible' | 'dashscope'
const protocols: readonly Protocol[] = ['compatible', 'dashscope']
const messages: ChatRequest['messages'] = [{ role: 'user', content: 'Hi' }]

/** Returns a client whose every answer has this body, in reads of 64 KiB or in one. */
function connect(protocol: Protocol, type: string, body: string, inOneRead = false): Client {
  const bytes = new TextEncoder().encode(body)
  const size = inOneRead ? bytes.length : 65_536
  async function answer(): Promise<Response> {
    let position = 0
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (position >= bytes.length) return controller.close()
        controller.enqueue(bytes.subarray(position, position + size))
        position += size
      },
    })
    return new Response(stream, { headers: { 'content-type': type } })
  }
  const options = { apiKey: 'sk-test', fetch: answer, retries: 0 }
  return createClient({
    transport: protocol === 'compatible' ? compatible(options) : dashscope(options),
    model: 'some-model',
  })
}

interface Delta {
  content?: string
  reasoning_content?: string
  tool_calls?: readonly object[]
  logprobs?: object
}

function event(protocol: Protocol, { logprobs, ...delta }: Delta, finish: string | null = null): string {
  const message = { role: 'assistant', content: '', ...delta }
  const choice = { index: 0, finish_reason: finish ?? (protocol === 'dashscope' ? 'null' : null), logprobs }
  const data =
    protocol === 'compatible'
      ? { id: 'a', choices: [{ ...choice, delta: message }] }
      : { request_id: 'a', output: { choices: [{ ...choice, message }] } }
  return `data:${JSON.stringify(data)}\n\n`
}

function eventStream(protocol: Protocol, deltas: readonly Delta[], finish = 'stop'): string {
  const end = protocol === 'compatible' ? 'data: [DONE]\n\n' : ''
  return deltas.map((delta) => event(protocol, delta)).join('') + event(protocol, {}, finish) + end
}

function repeat<T>(count: number, item: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => item(index))
}

function toolCall(index: number, text: string): object {
  return { index, id: `call_${index}`, type: 'function', function: { name: 'f', arguments: text } }
}

const token = { token: 'a', logprob: -1, bytes: [97], top_logprobs: [] }
const streamed: Record<string, { size: number; deltas: (size: number) => readonly Delta[]; finish?: string }> = {
  'text deltas': { size: 5_000, deltas: (size) => repeat(size, () => ({ content: 'word ' })) },
  'reasoning deltas': { size: 5_000, deltas: (size) => repeat(size, () => ({ reasoning_content: 'word ' })) },
  'deltas of tool arguments': {
    size: 5_000,
    deltas: (size) => repeat(size, (index) => ({ tool_calls: [toolCall(0, index === 0 ? '{"a":"' : 'x'.repeat(8))] })),
    finish: 'tool_calls',
  },
  'tool calls': {
    size: 2_500,
    deltas: (size) => repeat(size, (index) => ({ tool_calls: [toolCall(index, '{}')] })),
    finish: 'tool_calls',
  },
  'tool calls in one event': {
    size: 5_000,
    deltas: (size) => [{ tool_calls: repeat(size, (index) => toolCall(index, '{}')) }],
    finish: 'tool_calls',
  },
  'log probabilities': {
    size: 5_000,
    deltas: (size) => repeat(size, () => ({ content: 'a', logprobs: { content: [token] } })),
  },
  'blanks in the text': { size: 5_000, deltas: (size) => repeat(size, () => ({ content: '\n'.repeat(50) })) },
  'fences and line breaks': { size: 5_000, deltas: (size) => [{ content: '```json' + '\n'.repeat(size * 40) }] },
}

const cases = protocols.flatMap((protocol) =>
  Object.entries(streamed).map(([name, input]) => [name, protocol, input] as const),
)

test.each(cases)(
  'time grows in proportion to %s: %s',
  async (_, protocol, { size, deltas, finish }) => {
    await expectLinear(async (scale) => {
      const body = eventStream(protocol, deltas(size * scale), finish)
      for (const client of [
        connect(protocol, 'text/event-stream', body),
        connect(protocol, 'text/event-stream', body, true),
      ]) {
        await client.stream({ messages }).result()
        // An answer that holds no JSON is an error of the whole answer.
        await client.chat({ messages, output: 'json' }).catch(() => {})
      }
    })
  },
  60_000,
)

test.each(protocols)(
  'time grows in proportion to the issues of an answer: %s',
  async (protocol) => {
    const output: OutputSpec = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
    await expectLinear(async (scale) => {
      const data = Object.fromEntries(repeat(10_000 * scale, (index) => [`unknown${index}`, index]))
      const body = eventStream(protocol, [{ content: JSON.stringify(data) }])
      const failed = connect(protocol, 'text/event-stream', body).stream({ messages, output }).result()
      await expect(failed).rejects.toMatchObject({ code: 'output' })
    })
  },
  60_000,
)

test.each(protocols)(
  'time grows in proportion to blanks before an answer: %s',
  async (protocol) => {
    await expectLinear(async (scale) => {
      const blanks = ' \n'.repeat(500_000 * scale)
      const whole =
        protocol === 'compatible'
          ? { choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] }
          : { output: { choices: [{ message: { content: 'ok' }, finish_reason: 'stop' }] } }
      const client = connect(protocol, 'application/json', blanks + JSON.stringify(whole))
      expect((await client.chat({ messages })).text).toBe('ok')
    })
  },
  60_000,
)

test.each(protocols)(
  '130,000 events in one read are an answer: %s',
  async (protocol) => {
    const body = eventStream(
      protocol,
      repeat(130_000, () => ({ content: 'a' })),
    )
    const { text } = await connect(protocol, 'text/event-stream', body, true).chat({ messages })
    expect(text).toHaveLength(130_000)
  },
  60_000,
)

test.each(protocols)(
  'a body of 20 million empty lists costs an error, no memory: %s',
  async (protocol) => {
    const body = `[${'[],'.repeat(20_000_000)}[]]`
    const client = connect(protocol, 'application/json', body)
    const before = process.memoryUsage().rss
    await expect(client.chat({ messages })).rejects.toMatchObject({ code: 'protocol' })
    // Parsed, it would be 1.9 GB.
    expect(process.memoryUsage().rss - before).toBeLessThan(600 * 1024 * 1024)
  },
  60_000,
)

/** Compares the processor time of four times the input. Other processes can only make it longer, so the best of three counts. */
async function expectLinear(run: (scale: number) => Promise<void>): Promise<void> {
  await run(1)
  const ratios: number[] = []
  for (let attempt = 0; attempt < 3 && Math.min(limit, ...ratios) >= limit; attempt += 1) {
    const once = await measure(() => run(1))
    ratios.push((await measure(() => run(factor))) / once)
  }
  expect(Math.min(...ratios)).toBeLessThan(limit)
}

async function measure(run: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(start)
  return user + system
}
