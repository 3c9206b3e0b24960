import { connect as rawCompatible } from '../bench/src/adapters/raw-compatible.ts'
import { connect as rawNative } from '../bench/src/adapters/raw-native.ts'
import { makeDeltas } from '../bench/src/deltas.ts'
import { answerBody, frames, type Protocol } from '../bench/src/frames.ts'
// Ours against the raw baseline, in one process over an injected fetch: a quick look, printed and never judged. What is
// measured against peers, over sockets and as published, is in bench/.
import { compatible } from '../packages/compatible/src/index.ts'
import { createClient, type Transport } from '../packages/core/src/index.ts'
import { dashscope } from '../packages/dashscope/src/index.ts'

const rounds = 15
const deltas = makeDeltas(5_000)
const baseUrl = 'http://localhost'
const apiKey = 'sk-bench'
const model = 'kimi-k2.5'

const protocols = {
  compatible: {
    raw: rawCompatible,
    transport: (fetch: typeof globalThis.fetch): Transport => compatible({ apiKey, baseUrl, fetch }),
  },
  native: {
    raw: rawNative,
    transport: (fetch: typeof globalThis.fetch): Transport => dashscope({ apiKey, baseUrl, fetch }),
  },
}

/** Answers every request with a stream of these pieces. */
function streaming(pieces: readonly Uint8Array<ArrayBuffer>[]): typeof globalThis.fetch {
  return async () => {
    let index = 0
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const piece = pieces[index]
        index += 1
        if (piece) controller.enqueue(piece)
        else controller.close()
      },
    })
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  }
}

function cut(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer>[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
}

/** CPU of this process in ms while something runs. */
async function cpuOf(run: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** The median of ours ÷ raw over the rounds, each of which begins with the other one. */
async function ratio(ours: () => Promise<void>, raw: () => Promise<void>): Promise<number> {
  const ratios: number[] = []
  for (let round = -3; round < rounds; round += 1) {
    const oursFirst = round % 2 === 0 ? await cpuOf(ours) : undefined
    const base = await cpuOf(raw)
    const value = oursFirst ?? (await cpuOf(ours))
    // The first rounds warm up.
    if (round >= 0) ratios.push(value / base)
  }
  return ratios.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? NaN
}

async function compareStreams(protocol: Protocol, fetch: typeof globalThis.fetch): Promise<number> {
  const { raw, transport } = protocols[protocol]
  const client = createClient({ transport: transport(fetch), model })
  const baseline = raw({ baseUrl, fetch })
  const expected = deltas.reasoning.join('').length + deltas.text.join('').length
  const check = (length: number) => {
    if (length !== expected) throw new Error(`${length} characters came out, ${expected} were sent`)
  }
  return ratio(
    async () => {
      let length = 0
      const stream = client.stream({ messages: [{ role: 'user', content: 'Who are you?' }], thinking: true })
      for await (const event of stream) {
        if (event.type === 'text-delta' || event.type === 'reasoning-delta') length += event.delta.length
      }
      check(length)
    },
    async () => {
      let length = 0
      const count = (delta: string) => void (length += delta.length)
      await baseline.stream({ reasoning: count, text: count })
      check(length)
    },
  )
}

async function times(call: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 300; i += 1) await call()
}

async function compareCalls(protocol: Protocol): Promise<number> {
  const { raw, transport } = protocols[protocol]
  const body = answerBody(protocol, 'Kimi')
  const fetch = async () => new Response(body, { headers: { 'content-type': 'application/json' } })
  const client = createClient({ transport: transport(fetch), model })
  const baseline = raw({ baseUrl, fetch })
  return ratio(
    () => times(() => client.chat('Who are you?')),
    () => times(() => baseline.call()),
  )
}

const encoder = new TextEncoder()
console.log(
  `CPU beside fetch + split + JSON.parse in the same process, median of ${rounds} rounds (Node ${process.version})`,
)
for (const protocol of ['compatible', 'native'] as const) {
  const events = frames(protocol, deltas)
  const show = (what: string, value: number) =>
    console.log(`${protocol.padEnd(10)}  ${what.padEnd(32)} ${value.toFixed(2)} ×`)
  show(
    'stream of 5,000 deltas, packed',
    await compareStreams(protocol, streaming(cut(encoder.encode(events.join('')), 16_381))),
  )
  const dripping = streaming(events.map((event) => encoder.encode(event)))
  show('the same, a read a frame', await compareStreams(protocol, dripping))
  show('small call (no network below it)', await compareCalls(protocol))
}
