import { expect, test } from 'vitest'

import type { Message } from '../chat/message.ts'
import type { TransportRequest } from '../chat/request.ts'
import { modelInfo } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { applyFeatureLimits } from './features.ts'
import { prepareRequest } from './prepare.ts'
import type { AdaptedRequest } from './prepared.ts'

const user: Message = { role: 'user', content: 'Give me json' }
const prefix: Message = { role: 'assistant', content: 'The', partial: true }
const tools = [{ name: 'now', description: 'The time' }]

async function prepare(model: string, request: Partial<TransportRequest>, validate = true) {
  const { request: sent, unsupported } = await prepareRequest({ model, messages: [user], ...request }, { validate })
  return { sent, unsupported, paths: unsupported.map(({ path }) => path) }
}

test.each([
  ['kimi-k2.5', { search: true }, 'search', /kimi-k2\.5 has no web search; models that have it: kimi-k3/],
  ['kimi-k2-thinking', { search: { forced: true } }, 'search', /has no web search/],
  [
    'kimi-k2.5',
    { messages: [user, prefix] },
    'messages[1].partial',
    /has no partial mode; models that have it: kimi-k3/,
  ],
  ['kimi-k3', { messages: [user, prefix], tools }, 'messages[1].partial', /does not go with tools/],
  ['kimi-k2.5', { tools, toolChoice: 'required', thinking: true }, 'toolChoice', /it does with thinking: false/],
  ['kimi-k2.5', { tools, toolChoice: { name: 'now' }, thinking: {} }, 'toolChoice', /it does with thinking: false/],
  ['kimi-k2-thinking', { tools, toolChoice: 'required' }, 'toolChoice', /kimi-k3, kimi\/kimi-k3 do/],
  ['kimi-k2-thinking', { tools, toolChoice: { name: 'now' } }, 'toolChoice', /kimi-k2\.5, .* do with thinking: false/],
  ['kimi-k3', { tools, toolChoice: { name: 'now' } }, 'toolChoice', /kimi-k2\.5/],
] satisfies [string, Partial<TransportRequest>, string, RegExp][])(
  '%s cannot do %j: it is taken out and named, with what can',
  async (model, request, path, message) => {
    const { unsupported, sent, paths } = await prepare(model, request)
    expect(paths).toEqual([path])
    expect(unsupported[0]?.message).toMatch(message)
    expect(sent).not.toHaveProperty(path)
    expect(sent.messages.some((turn) => 'partial' in turn && turn.partial)).toBe(false)
    expect((await prepare(model, request, false)).paths).toEqual([])
    expect((await prepare('unknown', request)).paths).toEqual([])
  },
)

test.each([
  ['kimi-k2-thinking', { output: 'json' }],
  ['kimi-k3', { output: 'json' }],
  ['kimi-k2.5', { output: { type: 'object' } }],
  ['Moonshot-Kimi-K2-Instruct', { search: true }],
  ['kimi-k3', { search: { forced: true } }],
  ['kimi-k3', { messages: [user, prefix] }],
  ['kimi-k3', { tools, toolChoice: 'required' }],
  ['kimi-k2.5', { tools, toolChoice: 'required' }],
  ['kimi-k2.5', { tools, toolChoice: { name: 'now' }, thinking: false }],
  ['kimi-k2.5', { tools, toolChoice: 'none', thinking: true }],
  ['kimi-k2-thinking', { tools, toolChoice: 'auto' }],
] satisfies [string, Partial<TransportRequest>][])('%s can do %j', async (model, request) => {
  expect((await prepare(model, request)).paths).toEqual([])
})

test('not to search is nothing to send to a model that cannot', async () => {
  const { paths, sent } = await prepare('kimi-k2.5', { search: false })
  expect(paths).toEqual([])
  expect(sent).not.toHaveProperty('search')
  expect((await prepare('kimi-k3', { search: false })).sent.search).toBe(false)
})

/** Returns a request to kimi-k3 after the limits of other features. */
function fit(request: Partial<AdaptedRequest>, change: Partial<ModelInfo>, thinks = true) {
  const row = modelInfo('kimi-k3') as ModelInfo
  const info = { ...row, ...change }
  const { messages = [user] } = request
  const places = messages.map((_, index) => `messages[${index}]`)
  const sent: AdaptedRequest = { model: info.id, modelInfo: info, thinking: {}, messages, places, ...request }
  return { paths: applyFeatureLimits(sent, info, thinks).map(({ path }) => path), sent }
}

const { features } = modelInfo('kimi-k3') as ModelInfo

test('a model without function calling gets no tools and nothing about them', () => {
  const asked = { tools: [{ ...tools[0]!, parameters: {} }], toolChoice: 'auto', parallelToolCalls: true } as const
  const { paths, sent } = fit(asked, { features: { ...features, tools: false } })
  expect(paths).toEqual(['tools'])
  expect(Object.keys(sent)).toEqual(['model', 'modelInfo', 'thinking', 'messages', 'places'])
})

test('a model without context cache gets the parts without their marks', () => {
  const messages: Message[] = [
    { role: 'system', content: [{ type: 'text', text: 'a', cache: true }] },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'b' },
        { type: 'image', image: 'https://a.b', cache: true },
      ],
    },
  ]
  const { paths, sent } = fit({ messages }, { features: { ...features, contextCache: false } })
  expect(paths).toEqual(['messages[0].content[0].cache', 'messages[1].content[1].cache'])
  expect(JSON.stringify(sent.messages)).not.toContain('cache')
  expect(JSON.stringify(messages)).toContain('cache')
  expect(fit({ messages }, {}).paths).toEqual([])
  const cache = { source: 'a page', date: '2026-11-27', kinds: ['implicit'] } as const
  expect(fit({ messages }, { cache }).paths).toHaveLength(2)
  expect(fit({ messages }, { cache: { ...cache, kinds: ['explicit', 'implicit'] } }).paths).toEqual([])
})

test('partial mode does not go with thinking that can be turned off', () => {
  const messages = [user, prefix]
  expect(fit({ messages }, { thinking: 'optional' }).paths).toEqual(['messages[1].partial'])
  expect(fit({ messages }, { thinking: 'optional' }, false).paths).toEqual([])
})
