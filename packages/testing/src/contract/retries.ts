import type { RetryNotice } from '@dualscope/core'

import type { Fault } from '../faults/faults.ts'
import { faults } from '../faults/faults.ts'
import type { ErrorScenario, Scenario } from '../mock/scenario.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'

const soon = { 'retry-after': '0.001' }
const throttle: Scenario = { fault: faults.throttle(), headers: soon }
const overloaded: ErrorScenario = {
  type: 'error',
  status: 503,
  code: 'ModelUnavailable',
  message: 'Busy.',
  headers: soon,
}

const mended: Readonly<Record<string, Scenario>> = {
  'a throttle': throttle,
  'an overloaded model': overloaded,
  'a gateway that fails in HTML': { fault: faults.html(502), headers: soon },
  'a connection that is refused': { fault: faults.noConnection() },
  'a connection that breaks before the first byte': { text: 'lost', fault: faults.reset(0) },
  'an error that a stream begins with': { ...overloaded, after: 0 },
}

const final: Readonly<Record<string, Scenario>> = {
  'a refused key': {
    type: 'error',
    status: 401,
    code: { dashscope: 'InvalidApiKey', compatible: 'invalid_api_key' },
    message: 'No.',
  },
  'a bill': { type: 'error', status: 429, code: 'PrepaidBillOverdue', message: 'Overdue.', headers: soon },
  'a free quota that is used up': {
    type: 'error',
    status: 429,
    code: { dashscope: 'Throttling.AllocationQuota', compatible: 'insufficient_quota' },
    message: 'Free allocated quota exceeded.',
    headers: soon,
  },
  'a redirect': { fault: faults.redirect('https://elsewhere.test/', 302) },
}

const late: Readonly<Record<string, Fault>> = {
  'an error': faults.errorFrame({ text: 2 }, 503, 'ModelUnavailable', 'Busy.'),
  'a connection that breaks': faults.reset({ text: 2 }),
  'an early end': faults.end({ text: 2 }),
}

/** Retries, and failures that are not retried. */
export const retryCases: readonly Case[] = [
  ...Object.entries(mended).map(([name, scenario]): Case => ({
    name: `retries: ${name} is retried`,
    async run({ client, mock, requestCount }) {
      mock.use([scenario, { text: 'At last' }])
      const notices: RetryNotice[] = []
      const asking = client({ retries: 1, onRetry: (notice) => notices.push(notice) })
      equal((await asking.stream('Hello').result()).text, 'At last', 'The answer')
      equal(requestCount(), 2, 'Attempts')
      equal(notices.length, 1, 'The notices of onRetry')
      matches(notices[0], { attempt: 1, error: { code: /./ }, delay: notices[0]?.delay }, 'The notice')
    },
  })),
  ...Object.entries(final).map(([name, scenario]): Case => ({
    name: `retries: ${name} is final`,
    async run({ client, mock, rejectsWith, requestCount }) {
      mock.use([scenario, { text: 'Too late' }])
      await rejectsWith(client({ retries: 3 }).chat('Hello'), {}, 'The error')
      equal(requestCount(), 1, 'Attempts')
    },
  })),
  ...Object.entries(late).map(([name, fault]): Case => ({
    name: `retries: ${name} after the first chunk is final`,
    async run({ client, mock, rejectsWith, requestCount }) {
      mock.use([{ text: ['one', 'two', 'three', 'four', 'five', 'six'], fault }, { text: 'Too late' }])
      const error = await rejectsWith(client({ retries: 3 }).stream('Hello').result(), {}, 'The error')
      matches(error.partial, { text: /^one/ }, 'The partial answer')
      equal(requestCount(), 1, 'Attempts')
    },
  })),
  {
    name: 'retries: the options of a call override those of the transport',
    async run({ client, mock, rejectsWith, requestCount }) {
      for (const [ofTransport, ofCall, attempts] of [
        [2, undefined, 3],
        [0, undefined, 1],
        [5, 1, 2],
        [5, 0, 1],
      ] as const) {
        mock.reset()
        mock.use(Array.from({ length: 7 }, () => throttle))
        const call = client({ retries: ofTransport }).chat('Hello', ofCall === undefined ? {} : { retries: ofCall })
        await rejectsWith(call, { code: 'rate-limit', status: 429 }, 'The last error')
        equal(requestCount(), attempts, `Attempts with ${ofTransport} and ${ofCall ?? 'none'}`)
      }
    },
  },
  {
    name: 'retries: the call waits for Retry-After',
    async run({ client, mock }) {
      mock.use([{ fault: faults.throttle(1) }, { text: 'At last' }])
      const delays: number[] = []
      const begin = performance.now()
      await client({ retries: 1, onRetry: ({ delay }) => delays.push(delay) }).chat('Hello')
      const spent = performance.now() - begin
      equal(delays, [1000], 'The delays that onRetry reports, in ms')
      assert(spent > 950, `It waited a second, not ${spent.toFixed(0)} ms`)
    },
  },
  {
    name: 'retries: a Retry-After beyond a minute fails at once with retryAfter set',
    async run({ client, mock, rejectsWith, requestCount }) {
      mock.use({ fault: faults.throttle(90) })
      await rejectsWith(client({ retries: 3 }).chat('Hello'), { code: 'rate-limit', retryAfter: 90_000 }, 'The error')
      equal(requestCount(), 1, 'Attempts')
    },
  },
]
