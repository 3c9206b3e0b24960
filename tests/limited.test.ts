// Limits around a fallback, and a fallback around limits, over both protocols.
import { limited } from '@dualscope/batch'
import { compatible } from '@dualscope/compatible'
import { createClient, fallback, type Transport, type TransportOptions } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock } from '@dualscope/testing'
import { expect, test } from 'vitest'

const limits = { requestsPerMinute: 6000, retries: 0 }

test.each<[string, (options: TransportOptions) => Transport]>([
  ['around a fallback', (options) => limited(fallback([compatible(options), dashscope(options)]), limits)],
  [
    'inside a fallback',
    (options) => fallback([limited(compatible(options), limits), limited(dashscope(options), limits)]),
  ],
])('limits %s let the second protocol answer after the first one throttles', async (_, createTransport) => {
  const mock = createMock()
  const throttle = { type: 'error', status: 429, code: 'Throttling.RateQuota', message: 'Slow down.' } as const
  mock.use([throttle, { text: ['One'] }, throttle, { text: ['Two'] }])
  const transport = createTransport({ apiKey: 'any', fetch: mock.fetch, retries: 0 })
  const client = createClient({ transport, model: 'kimi-k2.5' })
  expect(await client.chat('Hi')).toMatchObject({ text: 'One', protocol: 'dashscope' })
  expect(await client.stream('Hi').result()).toMatchObject({ text: 'Two', protocol: 'dashscope' })
})
