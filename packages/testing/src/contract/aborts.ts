import { faults } from '../faults/faults.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'
import { defaultModel, eventually } from './workbench.ts'

const texts = { text: ['one', 'two', 'three', 'four'] }

/** Creates a reason, which must come back unchanged. */
function reasonOf(text: string) {
  return new DOMException(text, 'AbortError')
}

/** Aborting a call and leaving a stream. */
export const abortCases: readonly Case[] = [
  {
    name: 'aborts: an aborted signal sends nothing',
    async run({ client, rejection, requests }) {
      const reason = reasonOf('before')
      const signal = AbortSignal.abort(reason)
      assert(
        (await rejection(client().chat('Hello', { signal }), 'chat()')) === reason,
        'chat() rejects with the reason',
      )
      const streamed = client().stream('Hello', { signal }).result()
      assert((await rejection(streamed, 'stream()')) === reason, 'stream() rejects with the reason')
      equal(requests.length, 0, 'Requests')
    },
  },
  {
    name: 'aborts: before the head, the call rejects with the reason and the connection closes',
    async run({ client, mock, rejection, requests }) {
      mock.use({ ...texts, fault: faults.silence() })
      const controller = new AbortController()
      const reason = reasonOf('head')
      const call = client({ retries: 3 }).chat('Hello', { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 20)
      assert((await rejection(call, 'chat()')) === reason, 'It rejects with the reason itself')
      await eventually(() => requests[0]?.signal.aborted === true, 'The connection is closed')
      equal(requests.length, 1, 'Requests')
    },
  },
  {
    name: 'aborts: inside a stream, the loop throws the reason and the connection closes',
    async run({ client, mock, rejection, requests }) {
      for (const reason of [reasonOf('inside'), 'a text as the reason', { any: 'thing' }]) {
        mock.use({ ...texts, fault: faults.stall({ text: 2 }) })
        const controller = new AbortController()
        const stream = client().stream('Hello', { signal: controller.signal })
        const loop = async () => {
          for await (const event of stream) if (event.type === 'text-delta') controller.abort(reason)
        }
        assert((await rejection(loop(), 'The loop')) === reason, 'The loop rejects with the reason itself')
        assert((await rejection(stream.result(), 'result()')) === reason, 'result() rejects with the same')
        matches(stream.snapshot(), { text: /^one/ }, 'The partial answer')
        await eventually(
          () => mock.openResponses === 0 || requests.at(-1)?.signal.aborted === true,
          'The connection is closed',
        )
      }
      await eventually(() => mock.openResponses === 0, 'The answer is left')
    },
  },
  {
    name: 'aborts: the transport itself rejects with the reason, without a client too',
    async run({ connect, mock, rejection }) {
      const request = { messages: [{ role: 'user' as const, content: 'Hello' }], model: defaultModel }
      mock.use([
        { ...texts, fault: faults.stall({ text: 2 }) },
        { ...texts, fault: faults.silence() },
      ])
      const reason = reasonOf('inside')
      const first = new AbortController()
      const loop = async () => {
        for await (const batch of connect({}).stream(request, { signal: first.signal }))
          if (batch.some(({ text }) => text)) first.abort(reason)
      }
      assert((await rejection(loop(), 'stream()')) === reason, 'stream() rejects with the reason itself')
      const second = new AbortController()
      setTimeout(() => second.abort(reason), 20)
      const sending = connect({}).send(request, { signal: second.signal })
      assert((await rejection(sending, 'send()')) === reason, 'send() rejects with the reason itself')
    },
  },
  {
    name: 'aborts: between attempts, the call rejects with the reason at once',
    async run({ client, mock, rejection, requestCount }) {
      mock.use({ fault: faults.throttle(30) })
      const controller = new AbortController()
      const reason = reasonOf('pause')
      const call = client({ retries: 2 }).chat('Hello', { signal: controller.signal })
      setTimeout(() => controller.abort(reason), 30)
      assert((await rejection(call, 'chat()')) === reason, 'It rejects with the reason itself')
      equal(requestCount(), 1, 'Attempts')
    },
  },
  {
    name: 'aborts: leaving the loop closes the connection',
    async run({ client, mock }) {
      mock.use({ ...texts, fault: faults.stall({ text: 2 }) })
      for await (const event of client().stream('Hello')) if (event.type === 'text-delta') break
      await eventually(() => mock.openResponses === 0, 'The answer is left')
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
