import type { ChatEvent } from '@dualscope/core'

import type { Fault } from '../faults/faults.ts'
import { faults } from '../faults/faults.ts'
import type { AnswerScenario } from '../mock/scenario.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'
import type { ContractTransportOptions } from './transport-factory.ts'
import { type Workbench, drain, mergeDeltas, sameResult } from './workbench.ts'

const answer: AnswerScenario = {
  reasoning: ['Hm: ', 'ü'],
  text: [' 你', '好 👋\n', ' end '],
  toolCalls: [{ id: 'call_1', name: 'weather', arguments: ['{"city": "杭', '州"}'] }],
}

const request = { messages: [{ role: 'user' as const, content: 'Hello' }] }

const usage = { inputTokens: 5, outputTokens: 7, totalTokens: 12 }
const toolCall = { id: 'call_1', name: 'weather', arguments: '{"city": "杭州"}' }

/** The content of the answer, as far as the transport supports it. */
function expectedOf({ claims }: Workbench): ChatEvent[] {
  const reasoning: ChatEvent[] = [{ type: 'reasoning-delta', delta: 'Hm: ü' }]
  const calls: ChatEvent[] = [
    { type: 'tool-call-start', index: 0, id: 'call_1', name: 'weather' },
    { type: 'tool-call-delta', index: 0, delta: toolCall.arguments },
    { type: 'tool-call-end', index: 0, toolCall },
  ]
  return [
    ...(claims.thinking ? reasoning : []),
    { type: 'text-delta', delta: ' 你好 👋\n end ' },
    ...(claims.tools ? calls : []),
    { type: 'finish', finishReason: claims.tools ? 'tool-calls' : 'stop', usage },
  ]
}

/** Requests the answer, as far as the transport supports it. */
function askFor({ client, mock, claims }: Workbench, more: AnswerScenario, options?: ContractTransportOptions) {
  const { reasoning, toolCalls, ...rest } = answer
  mock.use({ ...rest, ...(claims.thinking ? { reasoning } : {}), ...(claims.tools ? { toolCalls } : {}), ...more })
  return drain(client(options).stream(claims.thinking ? { ...request, thinking: true } : request))
}

const harmless: Readonly<Record<string, readonly Fault[]>> = {
  'cut at every byte': [faults.split(1)],
  'cut into sevens': [faults.split(7)],
  'cut inside every character': [faults.splitCharacters()],
  'all in one write': [faults.coalesce()],
  'two frames in a write': [faults.coalesce(2)],
  'with CR LF': [faults.crlf()],
  'with CR LF, cut at every byte': [faults.crlf(), faults.split(1)],
  'with comments between its frames': [faults.heartbeat()],
  'with a byte order mark': [faults.byteOrderMark()],
  'with a byte order mark, cut at every byte': [faults.byteOrderMark(), faults.split(1)],
  'without its last blank line': [faults.noLastBlankLine()],
  'without [DONE]': [faults.noDone()],
  'without [DONE] and the last blank line': [faults.noDone(), faults.noLastBlankLine()],
  'under another content type': [faults.contentType('application/json')],
  'without a content type': [faults.contentType()],
  'as one JSON text': [faults.notStreamed()],
}

/** The bytes of the answer, in two writes. */
function cutInTwo(bytes: Uint8Array<ArrayBuffer>, at: number) {
  return new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      if (at > 0) controller.enqueue(bytes.slice(0, at))
      controller.enqueue(bytes.slice(at))
      controller.close()
    },
  })
}

/** Streams, however their bytes are cut. */
export const streamCases: readonly Case[] = [
  ...Object.entries(harmless).map(([name, fault]): Case => ({
    name: `streams: a stream ${name} gives the same events`,
    async run(workbench) {
      const { events } = await askFor(workbench, { usage, fault })
      equal(mergeDeltas(events), expectedOf(workbench), 'The events')
    },
  })),
  {
    name: 'streams: two writes give the same events, wherever the cut is',
    async run({ client, options, mock }) {
      const { fetch = globalThis.fetch } = options()
      mock.use({ ...answer, reasoning: undefined, toolCalls: undefined, text: ['é', ' 👋'] })
      let head: ResponseInit = {}
      let bytes = new Uint8Array(0)
      const once = client({
        async fetch(input, init) {
          const response = await fetch(input, init)
          head = { status: response.status, headers: response.headers }
          bytes = new Uint8Array(await response.arrayBuffer())
          return new Response(bytes, head)
        },
      })
      const reference = await once.stream('Hello').result()
      equal(reference.text, 'é 👋', 'The text')
      let at = 0
      const again = client({ fetch: async () => new Response(cutInTwo(bytes, at), head) })
      for (at = 0; at < bytes.length; at += 1) {
        sameResult(await again.stream('Hello').result(), reference, `Cut before byte ${at}`)
      }
    },
  },
  {
    name: 'streams: a chunk is passed on when it arrives, not with the whole answer',
    async run({ client, mock }) {
      mock.use({ text: ['one', 'two', 'three', 'four', 'five'], fault: faults.stall({ text: 2 }) })
      let seen = ''
      for await (const delta of client().stream('Hello').text()) {
        seen += delta
        if (seen.startsWith('onetwo')) break
      }
      assert(seen.startsWith('onetwo'), `Two pieces came through before the others: "${seen}"`)
    },
  },
  {
    name: 'streams: nothing is sent before the first pull',
    async run({ client, connect, requests }) {
      const stream = connect({}).stream({ ...request, model: 'kimi-k2.5' })
      const other = client().stream('Hello')
      await new Promise((resolve) => setTimeout(resolve, 20))
      equal(requests.length, 0, 'Requests before the first pull')
      await other.result()
      for await (const batch of stream) if (batch.some(({ finishReason }) => finishReason)) break
      equal(requests.length, 2, 'Requests after it')
    },
  },
  {
    name: 'streams: several at a time do not mix',
    async run({ client, mock }) {
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(40))
      mock.use(texts.map((text) => ({ text, latency: 1, fault: faults.split(50) })))
      const shared = client()
      const results = await Promise.all(texts.map(() => shared.stream('Hello').result()))
      equal(results.map(({ text }) => text).toSorted(), texts, 'The texts')
    },
  },
  {
    name: 'streams: frames that repeat what came before still give deltas',
    needs: 'cumulative',
    mock: { strict: false },
    async run(workbench) {
      const { mock, allowIssues } = workbench
      // The documents forbid it while a model thinks; this case is about the frames that come all the same.
      allowIssues()
      const cumulative = { incrementalOutput: false }
      const { events } = await askFor(workbench, { usage }, cumulative)
      const body = JSON.stringify(mock.requests[0]?.body)
      assert(/"incremental_output":false/.test(body), 'Such frames are requested')
      equal(mergeDeltas(events), expectedOf(workbench), 'The events')
      const pieces = events.flatMap((event) => (event.type === 'text-delta' ? [event.delta] : []))
      equal(pieces, answer.text, 'The pieces of the text')
      const { result } = await askFor(workbench, { text: ['I', ' like', ' I', ' like'] }, cumulative)
      matches(result, { text: 'I like I like' }, 'A text that repeats itself')
    },
  },
]
