import { faults } from '../faults/faults.ts'
import { defaultModel, eventually } from './workbench.ts'
import type { Case } from './case.ts'
import { equal, holds, like } from './difference.ts'

const texts = { text: ['one', 'two', 'three', 'four'] }

/** A reason of the caller's own: it has to come back as itself. */
const reasonOf = (text: string) => new DOMException(text, 'AbortError')

/** What happens when the caller gives up. */
export const abortCases: readonly Case[] = [
  {
    name: 'aborts: a signal that is aborted already sends nothing',
    async run({ client, failure, sent }) {
      const reason = reasonOf('before')
      const signal = AbortSignal.abort(reason)
      holds((await failure(client().chat('Hello', { signal }), 'chat()')) === reason, 'chat() rejects with the reason')
      const streamed = client().stream('Hello', { signal }).result()
      holds((await failure(streamed, 'stream()')) === reason, 'stream() rejects with the reason')
      equal(sent.length, 0, 'Requests')
    },
  },
  {
    name: 'aborts: while the head is awaited, the reason comes back and the connection closes',
    async run({ client, mock, failure, sent }) {
      mock.use({ ...texts, fault: faults.silence() })
      const controller = new AbortController()
      const reason = reasonOf('head')
      const call = client({ retries: 3 }).chat('Hello', { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 20)
      holds((await failure(call, 'chat()')) === reason, 'It rejects with the reason itself')
      await eventually(() => sent[0]?.signal.aborted === true, 'The connection is closed')
      equal(sent.length, 1, 'Requests')
    },
  },
  {
    name: 'aborts: inside a stream, the reason comes back and the connection closes',
    async run({ client, mock, failure, sent }) {
      for (const reason of [reasonOf('inside'), 'a text as the reason', { any: 'thing' }]) {
        mock.use({ ...texts, fault: faults.stall(3) })
        const controller = new AbortController()
        const stream = client().stream('Hello', { signal: controller.signal })
        const loop = async () => {
          for await (const event of stream) if (event.type === 'text-delta') controller.abort(reason)
        }
        holds((await failure(loop(), 'The loop')) === reason, 'The loop rejects with the reason itself')
        holds((await failure(stream.result(), 'result()')) === reason, 'result() rejects with the same')
        like(stream.snapshot(), { text: /^one/ }, 'What had come')
        await eventually(
          () => mock.openBodies === 0 || sent.at(-1)?.signal.aborted === true,
          'The connection is closed',
        )
      }
      await eventually(() => mock.openBodies === 0, 'The answer is left')
    },
  },
  {
    name: 'aborts: the transport itself gives the reason back, whoever drives it',
    async run({ connect, mock, failure }) {
      const asked = { messages: [{ role: 'user' as const, content: 'Hello' }], model: defaultModel }
      mock.use([
        { ...texts, fault: faults.stall(3) },
        { ...texts, fault: faults.silence() },
      ])
      const reason = reasonOf('inside')
      const first = new AbortController()
      const loop = async () => {
        for await (const batch of connect({}).stream(asked, { signal: first.signal }))
          if (batch.some(({ text }) => text)) first.abort(reason)
      }
      holds((await failure(loop(), 'stream()')) === reason, 'stream() rejects with the reason itself')
      const second = new AbortController()
      setTimeout(() => second.abort(reason), 20)
      const sending = connect({}).send(asked, { signal: second.signal })
      holds((await failure(sending, 'send()')) === reason, 'send() rejects with the reason itself')
    },
  },
  {
    name: 'aborts: while a repetition is awaited, the reason comes back at once',
    async run({ client, mock, failure, count }) {
      mock.use({ fault: faults.throttle(30) })
      const controller = new AbortController()
      const reason = reasonOf('pause')
      const call = client({ retries: 2 }).chat('Hello', { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 30)
      holds((await failure(call, 'chat()')) === reason, 'It rejects with the reason itself')
      equal(count(), 1, 'Attempts')
    },
  },
  {
    name: 'aborts: leaving the loop closes the connection',
    async run({ client, mock }) {
      mock.use({ ...texts, fault: faults.stall(3) })
      for await (const event of client().stream('Hello')) if (event.type === 'text-delta') break
      await eventually(() => mock.openBodies === 0, 'The answer is left')
    },
  },
  {
    name: 'aborts: after the end they change nothing',
    async run({ client }) {
      const controller = new AbortController()
      const stream = client().stream('Hello', { signal: controller.signal })
      const result = await stream.result()
      controller.abort(reasonOf('late'))
      equal(await stream.result(), result, 'The result')
    },
  },
]
