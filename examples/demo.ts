// One question to Kimi over each protocol, and a comparison of the two. With DASHSCOPE_API_KEY set it asks Model Studio,
// without it a mock of Model Studio on this machine.
import { isDeepStrictEqual, styleText } from 'node:util'

import { compatible } from '@dualscope/compatible'
import {
  createClient,
  estimateCost,
  type ChatEvent,
  type ChatResult,
  type Transport,
  type TransportOptions,
} from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, fixtures } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'

const model = 'kimi-k2.5'
const question = 'Who are you?'

interface Answered {
  events: ChatEvent[]
  result: ChatResult
}

async function ask(transport: Transport): Promise<Answered> {
  console.log(styleText('bold', `\n── ${transport.protocol} ${'─'.repeat(60 - transport.protocol.length)}\n`))
  const client = createClient({ transport, model })
  const stream = client.stream({ messages: [{ role: 'user', content: question }], thinking: true })
  const events: ChatEvent[] = []
  for await (const event of stream) {
    if (event.type === 'text-delta' && !events.some(({ type }) => type === 'text-delta')) console.log('\n')
    if (event.type === 'reasoning-delta') process.stdout.write(styleText('dim', event.delta))
    if (event.type === 'text-delta') process.stdout.write(event.delta)
    events.push(event)
  }
  const result = await stream.result()
  console.log(`\n\n${styleText('dim', describeUsage(result))}`)
  return { events, result }
}

function describeUsage({ usage, finishReason, model }: ChatResult): string {
  if (!usage) return `${finishReason}, no usage told`
  const thinking = usage.reasoningTokens === undefined ? '' : `, ${usage.reasoningTokens} of them thinking`
  const cost = estimateCost(usage, model)
  const amount = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: cost?.currency ?? 'USD',
    maximumSignificantDigits: 3,
  })
  const price = cost ? `, about ${amount.format(cost.total)}, ${amount.format(cost.cache)} of it cache` : ''
  return `${finishReason}: ${usage.inputTokens} tokens in, ${usage.outputTokens} out${thinking}${price}`
}

/** Compares two answers. Live answers differ in their words, so only their form is compared. */
function compare(a: Answered, b: Answered, live: boolean): [name: string, equal: boolean][] {
  const order = ({ events }: Answered) => events.map(({ type }) => type).filter((type, i, all) => type !== all[i - 1])
  const fields = ({ result }: Answered) => Object.keys(result).toSorted()
  const form: [string, boolean][] = [
    ['the order of events', isDeepStrictEqual(order(a), order(b))],
    ['the fields of the result', isDeepStrictEqual(fields(a), fields(b))],
  ]
  if (live) return form
  const words = ({ result: { id: _id, requestId: _requestId, protocol: _protocol, ...rest } }: Answered) => rest
  return [
    ...form,
    ['every event', isDeepStrictEqual(a.events, b.events)],
    ['thinking, answer, message, finish reason, usage', isDeepStrictEqual(words(a), words(b))],
  ]
}

/** As far as the page's answer is read here. */
interface PageAnswer {
  choices: [{ message: { content: string; reasoning_content: string } }]
}

/** The mock answers with the page's own words, piece by piece. */
async function startMock() {
  const mock = createMock({ latency: 20 })
  const { choices } = JSON.parse(fixtures.compatible['who-are-you'].response) as PageAnswer
  const answer = { reasoning: choices[0].message.reasoning_content, text: choices[0].message.content }
  mock.use([answer, answer])
  return listen(mock)
}

const live = Boolean(process.env['DASHSCOPE_API_KEY'])
const server = live ? undefined : await startMock()
const options: TransportOptions = server ? { baseUrl: server.url, apiKey: 'mock' } : {}
console.log(
  server
    ? `Asking a mock of Model Studio at ${server.url}. Set DASHSCOPE_API_KEY to ask the real one.`
    : 'Asking Model Studio, with the key in DASHSCOPE_API_KEY.',
)
console.log(`${model}: “${question}”`)

try {
  const over = await ask(compatible(options))
  const native = await ask(dashscope(options))
  console.log(styleText('bold', `\n── the same over both protocols ${'─'.repeat(30)}\n`))
  const checks = compare(over, native, live)
  for (const [name, equal] of checks) console.log(`${equal ? styleText('green', '✓') : styleText('red', '✗')} ${name}`)
  if (checks.some(([, equal]) => !equal)) process.exitCode = 1
} finally {
  await server?.close()
}
