// `node --expose-gc concurrent-streams.ts <protocol> <base URL> <streams>`: runs streams side by side and prints what came
// of them, and what is left of them on the heap. A process of its own, so that the server's memory is not in it.
import { createClient } from '@dualscope/core'

import { protocols } from './protocols.ts'

const [protocol, baseUrl, count] = process.argv.slice(2)
const bytes = protocols.find(({ name }) => name === protocol)
if (!bytes || !baseUrl || !globalThis.gc)
  throw new Error('usage: node --expose-gc concurrent-streams.ts <protocol> <url> <count>')

const client = createClient({ transport: bytes.connect({ apiKey: 'sk-0123456789', baseUrl }), model: 'kimi-k2.5' })

/** The text that the server makes of a prompt, as events bring it and as the result holds it. */
async function ask(prompt: string): Promise<boolean> {
  const stream = client.stream(prompt)
  let text = ''
  for await (const event of stream) if (event.type === 'text-delta') text += event.delta
  const result = await stream.result()
  const expected = `${prompt} `.repeat((Number(/\d+$/.exec(prompt)?.[0] ?? 0) % 20) + 1)
  return text === expected && result.text === expected
}

async function run(streams: number): Promise<{ answered: number; right: number }> {
  const settled = await Promise.allSettled(Array.from({ length: streams }, (_, index) => ask(`stream ${index}`)))
  const answers = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  return { answered: answers.length, right: answers.filter(Boolean).length }
}

/** The heap in bytes, once idle connections are gone and all that is unreachable is collected. */
async function heapAtRest(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 1500))
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc?.()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return process.memoryUsage().heapUsed
}

// Compiles what will run, and fills what is filled once.
await run(20)
const before = await heapAtRest()
const outcome = await run(Number(count))
const after = await heapAtRest()
process.stdout.write(JSON.stringify({ ...outcome, heapGrowth: after - before }))
