import type { Fault } from '../faults/faults.ts'
import { faults } from '../faults/faults.ts'
import type { AnswerScenario } from '../mock/scenario.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'

const texts = ['one', 'two', 'three', 'four', 'five', 'six']
function cut(fault: Fault | readonly Fault[]): AnswerScenario {
  return { text: texts, fault }
}

const cuts: Readonly<Record<string, AnswerScenario>> = {
  'ends after three frames': cut(faults.end({ text: 2 })),
  'ends without a finish reason': { text: texts, finishReason: null },
  'breaks between its frames': cut(faults.reset({ text: 2 })),
  'breaks byte by byte': cut([faults.split(1), faults.reset({ bytes: 850 })]),
}

/** Answers that end too early, break or stall, and time limits. */
export const endingCases: readonly Case[] = [
  ...Object.entries(cuts).map(([name, scenario]): Case => ({
    name: `endings: a stream that ${name} is incomplete, with its partial answer`,
    async run({ client, mock, rejectsWith }) {
      mock.use(scenario)
      const stream = client().stream('Hello')
      let seen = ''
      const loop = async () => {
        for await (const event of stream) {
          if (event.type === 'text-delta') seen += event.delta
          assert(event.type !== 'finish', 'No finish event comes')
        }
      }
      const error = await rejectsWith(loop(), { code: 'incomplete' }, 'The loop')
      assert(seen.startsWith('one'), `The loop saw what had come: "${seen}"`)
      equal(error.partial?.text, seen, 'The partial text')
      assert((await rejectsWith(stream.result(), {}, 'result()')) === error, 'result() rejects with the same error')
    },
  })),
  {
    name: 'endings: an answer that breaks inside its JSON, or is empty, is an error',
    async run({ client, mock, rejectsWith }) {
      mock.use([
        cut(faults.reset({ bytes: 40 })),
        cut(faults.empty(200)),
        { type: 'raw', body: '{"output":', headers: { 'content-type': 'application/json' } },
      ])
      for (let requestCount = 0; requestCount < 3; requestCount += 1) {
        await rejectsWith(client().chat('Hello'), { code: /^(incomplete|protocol|connection)$/ }, 'The error')
      }
    },
  },
  {
    name: 'endings: an answer of an unknown shape is a protocol error that shows it',
    async run({ client, mock, rejectsWith }) {
      for (const body of ['{"hello":"world"}', '[]', 'Hello']) {
        mock.use({ type: 'raw', body, headers: { 'content-type': 'application/json' } })
        await rejectsWith(client().chat('Hello'), { code: 'protocol', message: /hello|\[\]/i }, body)
      }
    },
  },
  {
    name: 'endings: silence before the head is a timeout, and is not retried',
    async run({ client, mock, rejectsWith, requestCount }) {
      mock.use(cut(faults.silence()))
      await rejectsWith(client({ timeout: 40, retries: 3 }).chat('Hello'), { code: 'timeout' }, 'The error')
      equal(requestCount(), 1, 'Attempts')
    },
  },
  {
    name: 'endings: silence inside a stream is a timeout, with its partial answer',
    async run({ client, mock, rejectsWith, requestCount }) {
      mock.use(cut(faults.stall({ text: 2 })))
      const call = client({ retries: 3 }).stream('Hello', { timeout: 250 }).result()
      const error = await rejectsWith(call, { code: 'timeout' }, 'The error')
      matches(error.partial, { text: /^one/ }, 'The partial answer')
      equal(requestCount(), 1, 'Attempts')
    },
  },
  {
    name: 'endings: neither a slow stream nor a slow reader is a timeout',
    async run({ client, mock }) {
      mock.use({ text: texts, latency: 30 })
      let slept = false
      let seen = ''
      for await (const delta of client({ timeout: 600 }).stream('Hello').text()) {
        if (!slept) await new Promise((resolve) => setTimeout(resolve, 800))
        slept = true
        seen += delta
      }
      equal(seen, texts.join(''), 'The text')
    },
  },
  {
    name: 'endings: the whole call has its own limit',
    async run({ client, mock, rejectsWith }) {
      mock.use({ text: Array.from({ length: 100 }, () => 'x'), latency: 20 })
      const call = client({ totalTimeout: 100 }).stream('Hello').result()
      await rejectsWith(call, { code: 'timeout', message: /100/ }, 'The error')
    },
  },
]
