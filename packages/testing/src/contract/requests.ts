import { type Message, modelInfo } from '@dualscope/core'

import type { FixtureSet } from '../fixtures/fixture.ts'
import { fixtures } from '../fixtures/fixtures.ts'
import { samples } from '../fixtures/samples.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'
import type { Feature } from './feature.ts'
import { asRead, readBack } from './read-back.ts'

const hello: Message[] = [{ role: 'user', content: 'Hello' }]
const sampleNeeds: Readonly<Record<string, readonly Feature[]>> = {
  image: ['images', 'thinking'],
  images: ['images', 'thinking'],
  video: ['video'],
  frames: ['frames'],
}
const base = 'https://model-studio.test'

/** Keys, headers, hosts and paths of requests. */
export const requestCases: readonly Case[] = [
  {
    name: 'request: it is a POST of JSON with the key as a bearer token, and nowhere else',
    async run({ client, requests, key }) {
      await client().chat('Hello')
      await client().stream('Hello').result()
      equal(requests.length, 2, 'Two calls are two requests')
      for (const { url, method, headers, body } of requests) {
        equal(method, 'POST', 'The method')
        matches(headers, { authorization: `Bearer ${key}`, 'content-type': /^application\/json\b/ }, 'The headers')
        const { authorization: _, ...others } = headers
        assert(!JSON.stringify([url, others, body]).includes(key), 'The key is only in its header')
      }
    },
  },
  {
    name: 'request: a key function is called for each call',
    async run({ client, requests, key, allowIssues }) {
      allowIssues()
      const keys = ['sk-another', key]
      const asking = client({ apiKey: async () => keys.shift() ?? '' })
      await asking.chat('Hello').catch(() => undefined)
      await asking.chat('Hello')
      const seen = requests.map(({ headers }) => headers['authorization'])
      equal(seen, ['Bearer sk-another', `Bearer ${key}`], 'The keys that were sent')
    },
  },
  {
    name: 'request: chat() asks for a whole answer, stream() for a stream, and thinking is always streamed',
    async run({ client, mock, protocol }) {
      await client().chat('Hello')
      await client().stream('Hello').result()
      await client({}, 'kimi-k2-thinking').chat('Hello')
      equal(
        mock.requests.map(({ stream }) => stream),
        [false, true, true],
        'Which requests asked for a stream',
      )
      if (protocol === 'dashscope') {
        const wanted = { 'x-dashscope-sse': 'enable', accept: /text\/event-stream/ }
        for (const { headers } of mock.requests.slice(1)) matches(headers, wanted, 'A native stream takes both headers')
      }
    },
  },
  {
    name: 'request: every model has a path that serves it',
    async run({ client, mock }) {
      const models = [
        'kimi-k2.5',
        'kimi-k2-thinking',
        'Moonshot-Kimi-K2-Instruct',
        'kimi-k2.6',
        'kimi-k2.7-code',
        'kimi-k3',
      ]
      for (const model of models) await client({}, model).chat('Hello')
      equal(
        mock.requests.map((request) => request.model),
        models,
        'The models that were asked',
      )
      for (const { service, model } of mock.requests) {
        if (service !== undefined) equal(service, modelInfo(model ?? '')?.service, `The service of ${model ?? ''}`)
      }
    },
  },
  {
    name: 'request: the path is below baseUrl, with or without the documented ending',
    async run({ client, requests, mock }) {
      for (const ending of ['', '/', '/compatible-mode/v1', '/api/v1'])
        await client({ baseUrl: base + ending }).chat('Hello')
      await client({ baseUrl: new URL(base) }).chat('Hello')
      assert(
        requests.every(({ url }) => url.startsWith(`${base}/`)),
        'All go to the host of baseUrl',
      )
      equal(new Set(mock.requests.map(({ path }) => path)).size, 1, 'All go to one path')
    },
  },
  {
    name: 'request: a region has its host, and a workspace its header and host',
    async run({ client, requests }) {
      await client({ region: 'singapore' }).chat('Hello')
      await client({ region: 'frankfurt', workspace: 'ws-1' }).chat('Hello')
      await client({ region: 'beijing', workspace: 'ws-1' }).chat('Hello')
      await client({ workspace: 'trial' }).chat('Hello')
      equal(
        requests.map(({ url, headers }) => [new URL(url).host, headers['x-dashscope-workspace']]),
        [
          ['dashscope-intl.aliyuncs.com', undefined],
          ['ws-1.eu-central-1.maas.aliyuncs.com', 'ws-1'],
          ['ws-1.cn-beijing.maas.aliyuncs.com', 'ws-1'],
          ['trial.cn-beijing.maas.aliyuncs.com', undefined],
        ],
        'Hosts and workspaces',
      )
    },
  },
  {
    name: 'request: a User-Agent of the caller is sent',
    async run({ client, requests }) {
      await client().chat('Hello', { headers: { 'user-agent': 'my-app/2' } })
      assert(/^my-app\/2\b/.test(requests[0]?.headers['user-agent'] ?? ''), 'The User-Agent begins with it')
    },
  },
  {
    name: "request: headers of the transport and of the call are sent, and the call's win",
    async run({ client, requests }) {
      const headers = { 'x-one': 'transport', 'x-two': 'transport' }
      await client({ headers }).chat('Hello', { headers: { 'X-Two': 'call', 'x-three': 'call' } })
      matches(requests[0]?.headers, { 'x-one': 'transport', 'x-two': 'call', 'x-three': 'call' }, 'The headers')
    },
  },
  {
    name: 'request: no option is sent unless it is set',
    async run({ client, lastRequest, mock }) {
      await client().chat({ messages: hello, model: 'kimi-k2.6', temperature: undefined, tools: undefined })
      equal(lastRequest(), { model: 'kimi-k2.6', messages: asRead(hello), options: {} }, 'The request that arrived')
      assert(!/:null/.test(JSON.stringify(mock.requests[0]?.body)), 'Nothing is filled in with null')
    },
  },
  ...Object.entries(samples).map(([name, sample]): Case => ({
    name: `request: the sample "${name}" of the Kimi page is sent as printed`,
    needs: sampleNeeds[name],
    async run({ client, mock, lastRequest }) {
      await client().chat(sample)
      const { protocol = 'compatible' } = mock.requests[0] ?? {}
      const set: FixtureSet = fixtures[protocol]
      const request = set[name]?.request ?? '{}'
      equal(lastRequest(), readBack({ protocol, body: JSON.parse(request) }), 'The request that arrived')
    },
  })),
]
