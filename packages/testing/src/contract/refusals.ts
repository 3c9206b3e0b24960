import type { ChatRequest, DropNotice, ModelId } from '@dualscope/core'

import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'

const messages: ChatRequest['messages'] = [{ role: 'user', content: 'Hello' }]

const impossible: readonly { model: ModelId; fields: Omit<ChatRequest, 'messages'>; field: string; message: RegExp }[] =
  [
    { model: 'kimi-k2.5', fields: { topK: 3 }, field: 'topK', message: /topK/ },
    { model: 'kimi-k2-thinking', fields: { topP: 0.9 }, field: 'topP', message: /topP/ },
    { model: 'kimi-k2-thinking', fields: { thinking: false }, field: 'thinking', message: /always thinks/ },
    { model: 'Moonshot-Kimi-K2-Instruct', fields: { thinking: true }, field: 'thinking', message: /thinking/ },
    { model: 'kimi-k3', fields: { thinking: { budget: 5 } }, field: 'budget', message: /budget/ },
  ]

/** Fields that fail before anything is sent, or are left out. */
export const refusalCases: readonly Case[] = [
  ...impossible.map(({ model, fields, field, message }): Case => ({
    name: `refusals: ${JSON.stringify(fields)} is not sent to ${model}`,
    needs: fields.thinking ? 'thinking' : undefined,
    async run({ client, rejectsWith, requests, lastRequest }) {
      await rejectsWith(client({}, model).chat({ messages, ...fields }), { code: 'unsupported', message }, 'The error')
      equal(requests.length, 0, 'Requests')
      const dropped: DropNotice[] = []
      const dropping = client({ unsupported: 'drop', onDrop: (notice) => dropped.push(notice) }, model)
      await dropping.chat({ messages, maxTokens: 9, ...fields })
      matches(dropped, [{ field }], 'The notices of onDrop')
      const { enable_thinking: _, ...options } = lastRequest().options
      equal(options, { max_tokens: 9 }, 'The other options arrived without it')
    },
  })),
  {
    name: 'refusals: validate: false leaves the check of limits to the service',
    async run({ client, lastRequest }) {
      await client({ validate: false }).chat({ messages, topK: 3 })
      equal(lastRequest().options, { top_k: 3 }, 'The options')
    },
  },
  {
    name: 'refusals: a key that cannot be a header is a configuration error that does not show it',
    async run({ client, rejection, requests }) {
      for (const bad of ['sk-line\nbreak', 'sk-with space', 'sk-ü', '']) {
        const error = await rejection(client({ apiKey: () => bad }).chat('Hello'), 'The key')
        matches(error, { code: 'configuration' }, 'The error')
        assert(bad === '' || !String(error).includes(bad), 'It does not show the key')
      }
      equal(requests.length, 0, 'Requests')
    },
  },
  {
    name: 'refusals: plain http: is for loopback, unless it is allowed',
    async run({ client, rejectsWith, requests }) {
      const baseUrl = 'http://model-studio.test'
      await rejectsWith(client({ baseUrl }).chat('Hello'), { code: 'configuration', message: /http/ }, 'The error')
      equal(requests.length, 0, 'Requests')
      await client({ baseUrl, allowHttp: true }).chat('Hello')
      await client({ baseUrl: 'http://127.0.0.1:4010' }).chat('Hello')
      equal(requests.length, 2, 'Requests that are allowed')
    },
  },
  {
    name: 'refusals: a region that needs a workspace, and a malformed workspace, are configuration errors',
    async run({ client, rejectsWith, requests }) {
      const expected = { code: 'configuration', message: /workspace/ }
      await rejectsWith(client({ region: 'tokyo' }).chat('Hello'), expected, 'Without a workspace')
      await rejectsWith(
        client({ workspace: 'evil.test/' }).chat('Hello'),
        expected,
        'A workspace that changes the host',
      )
      equal(requests.length, 0, 'Requests')
    },
  },
]
