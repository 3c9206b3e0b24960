import { setTimeout } from 'node:timers/promises'

import type { Adapter, Connect } from './adapter.ts'
import type { AdapterInfo } from './adapters.ts'
import { answerOf, makeDeltas } from './deltas.ts'
import { meter, type Measurement } from './measurement.ts'
import { baseUrl, callText, type Delivery } from './scenario.ts'

/** Something that is measured in a client process. */
export interface Case {
  id: string
  title: string
  /** How often, unless the command says otherwise: short cases are noisier. */
  rounds: number
  /** Whether an adapter takes part. */
  has: (adapter: AdapterInfo) => boolean
  measure: (connect: Connect, origin: string) => Promise<Measurement>
  /** Flags for the client's Node. */
  nodeOptions?: readonly string[]
}

/** The bytes of the video: 50 MiB. */
export const videoBytes = 50 * 1024 * 1024
/** Its path, relative to the folder of a client. */
export const videoPath = 'video.mp4'

function everyone() {
  return true
}

// A stream takes about a tenth of a second, and V8's optimizing compiler, whose time counts, is at work for the first ones.
const warmUpStreams = 6

export const cases: readonly Case[] = [
  {
    id: 'stream-packed',
    title: 'one stream of 20,000 deltas, packed: writes of 16,381 bytes, which cut frames and characters',
    rounds: 21,
    has: everyone,
    measure: (connect, origin) => measureStream(connect, origin, 'packed', 20_000),
  },
  {
    id: 'stream-early',
    title: 'the packed stream as the second one of its process, while V8 still compiles',
    rounds: 21,
    has: ({ kind }) => kind !== 'peer',
    measure: (connect, origin) => measureStream(connect, origin, 'packed', 20_000, { warmUps: 1 }),
  },
  {
    id: 'stream-uncompiled',
    title: "the second packed stream without V8's optimizing compiler (`--no-turbofan`)",
    rounds: 9,
    has: ({ kind }) => kind !== 'peer',
    measure: (connect, origin) => measureStream(connect, origin, 'packed', 20_000, { warmUps: 1 }),
    nodeOptions: ['--no-turbofan'],
  },
  {
    id: 'stream-drip',
    title: 'one stream of 20,000 deltas, a write a frame',
    rounds: 9,
    has: everyone,
    measure: (connect, origin) => measureStream(connect, origin, 'drip', 20_000),
  },
  {
    id: 'call',
    title: '2,000 small calls, one after the other',
    rounds: 9,
    has: everyone,
    measure: (connect, origin) => measureCalls(connect, origin, 1),
  },
  {
    id: 'call-parallel',
    title: '2,000 small calls, 50 at a time',
    rounds: 3,
    has: everyone,
    measure: (connect, origin) => measureCalls(connect, origin, 50),
  },
  {
    id: 'first-delta',
    title: "from the server's clock in the first delta to the application, 150 streams",
    rounds: 19,
    has: everyone,
    measure: measureFirstDelta,
  },
  {
    id: 'concurrent',
    title: '500 streams at once, 200 deltas each, a write a frame',
    rounds: 13,
    has: everyone,
    measure: measureConcurrent,
  },
  {
    id: 'cumulative',
    title: 'one stream of 4,000 native frames, each of which repeats all so far',
    rounds: 21,
    // No peer speaks the native protocol.
    has: ({ protocol, kind }) => protocol === 'native' && kind !== 'peer',
    measure: (connect, origin) => measureStream(connect, origin, 'cumulative', 4_000),
  },
  {
    id: 'video',
    title: 'a question about a local video of 50 MiB',
    rounds: 3,
    has: ({ kind, id }) => kind !== 'by-hand' && id !== 'ai-alibaba',
    measure: measureVideo,
  },
  {
    id: 'memory',
    title: 'one stream of 200,000 deltas',
    rounds: 1,
    has: everyone,
    measure: (connect, origin) => measureStream(connect, origin, 'packed', 200_000, { warmUps: 0 }),
  },
]

async function measureStream(
  connect: Connect,
  origin: string,
  delivery: Delivery,
  count: number,
  { warmUps = warmUpStreams } = {},
): Promise<Measurement> {
  const cumulative = delivery === 'cumulative'
  const adapter = connect({ baseUrl: baseUrl(origin, { delivery, count }), cumulative })
  const expected = answerOf(makeDeltas(count))
  for (let stream = 0; stream < warmUps; stream += 1) await readStream(adapter)
  const measure = meter()
  const answer = await readStream(adapter)
  const cost = measure()
  if (answer.text !== expected.text) {
    throw new Error(`wrong text: ${answer.text.length} characters came out, ${expected.text.length} were sent`)
  }
  return { ...cost, reasoningIntact: answer.reasoning === expected.reasoning }
}

async function readStream(adapter: Adapter): Promise<{ text: string; reasoning: string }> {
  let text = ''
  let reasoning = ''
  await adapter.stream({
    text: (delta) => void (text += delta),
    reasoning: (delta) => void (reasoning += delta),
  })
  return { text, reasoning }
}

async function measureCalls(connect: Connect, origin: string, width: number): Promise<Measurement> {
  const adapter = connect({ baseUrl: baseUrl(origin, { delivery: 'call', count: 0 }) })
  let left = 0
  const worker = async () => {
    while (left > 0) {
      left -= 1
      const text = await adapter.call()
      if (text !== callText) throw new Error(`wrong text: ${text}`)
    }
  }
  const run = async (calls: number) => {
    left = calls
    await Promise.all(Array.from({ length: width }, worker))
  }
  await run(2_000)
  const measure = meter()
  await run(2_000)
  return measure()
}

async function measureFirstDelta(connect: Connect, origin: string): Promise<Measurement> {
  const adapter = connect({ baseUrl: baseUrl(origin, { delivery: 'stamped', count: 1 }) })
  const delay = async () => {
    let first: bigint | undefined
    let stamp = ''
    await adapter.stream({
      text(delta) {
        first ??= process.hrtime.bigint()
        stamp += delta
      },
      reasoning: () => undefined,
    })
    if (first === undefined || !/^\d+$/.test(stamp)) throw new Error(`wrong text: "${stamp}"`)
    return Number(first - BigInt(stamp)) / 1000
  }
  for (let i = 0; i < 150; i += 1) await delay()
  const measure = meter()
  const delays: number[] = []
  for (let i = 0; i < 150; i += 1) delays.push(await delay())
  delays.sort((a, b) => a - b)
  return { ...measure(), delay: delays[75] ?? NaN }
}

async function measureConcurrent(connect: Connect, origin: string): Promise<Measurement> {
  const count = 200
  const expected = answerOf(makeDeltas(count)).text
  const adapter = connect({ baseUrl: baseUrl(origin, { delivery: 'drip', count }) })
  const run = async (streams: number) => {
    const answers = await Promise.all(Array.from({ length: streams }, () => readStream(adapter)))
    const wrong = answers.filter(({ text }) => text !== expected).length
    if (wrong > 0) throw new Error(`wrong text in ${wrong} of ${streams} streams`)
  }
  await run(500)
  const measure = meter()
  await run(500)
  return measure()
}

async function measureVideo(connect: Connect, origin: string): Promise<Measurement> {
  const adapter = connect({ baseUrl: baseUrl(origin, { delivery: 'video', count: 0 }) })
  if (!adapter.video) throw new Error('takes no video')
  // Garbage of the start does not count as the video's.
  await setTimeout(50)
  const measure = meter()
  const text = await adapter.video(videoPath)
  const cost = measure()
  const received = Number(/^received (\d+)$/.exec(text)?.[1])
  if (!(received >= videoBytes)) throw new Error(`the video did not arrive: "${text}"`)
  return cost
}
