import type { PreparedMessage, PreparedRequest } from '@dualscope/core'
import { expect, test } from 'vitest'

import { encodeRequest } from './request.ts'

const base: PreparedRequest = {
  model: 'kimi-k3',
  modelInfo: undefined,
  thinking: {},
  messages: [{ role: 'user', content: 'hi' }],
}

async function encode(request: Partial<PreparedRequest>) {
  const { body, unsupported } = await encodeRequest({ ...base, ...request }, { stream: false })
  const { model: _model, messages, ...options } = body
  return { messages, options, paths: unsupported.map(({ path }) => path) }
}

const plainRequests: readonly Partial<PreparedRequest>[] = [
  {},
  { thinking: { enable: undefined }, temperature: undefined, topP: undefined },
  { thinking: { enable: true }, temperature: 0.6 },
  { thinking: { enable: false }, topP: 0.9 },
  {
    messages: [
      { role: 'system', content: '' },
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'and?' },
    ],
  },
]

test('options stand at the top of the body', async () => {
  expect((await encode({ toolChoice: 'none', output: 'json' })).options).toEqual({
    tool_choice: 'none',
    response_format: { type: 'json_object' },
  })
})

test('a turn with calls and a result of one go back, reasoning too', async () => {
  const call = { id: 'functions.a:0', name: 'a', arguments: '{}' }
  const messages: PreparedMessage[] = [
    { role: 'assistant', content: '', reasoning: '', toolCalls: [call] },
    { role: 'tool', toolCallId: 'functions.a:0', content: 'no' },
  ]
  const sent = { id: 'functions.a:0', type: 'function', index: 0, function: { name: 'a', arguments: '{}' } }
  expect((await encode({ messages })).messages).toEqual([
    { role: 'assistant', content: '', reasoning_content: '', tool_calls: [sent] },
    { role: 'tool', tool_call_id: 'functions.a:0', content: 'no' },
  ])
})

test('a search goes out as far as this protocol takes it, and the rest is named', async () => {
  expect(await encode({ search: true })).toMatchObject({ options: { enable_search: true }, paths: [] })
  expect(await encode({ search: false })).toMatchObject({ options: { enable_search: false }, paths: [] })
  const search = { forced: true, strategy: 'max', extension: true, citations: false }
  const all = {
    ...search,
    sources: true,
    citations: true,
    citationFormat: '[ref_<number>]',
    sourcesFirst: true,
    sites: ['example.com'],
    freshness: 7,
    instruction: 'only news',
  } as const
  const options = {
    enable_search: true,
    search_options: { forced_search: true, search_strategy: 'max', enable_search_extension: true },
  }
  expect(await encode({ search })).toMatchObject({ options, paths: [] })
  expect(await encode({ search: all })).toMatchObject({
    options,
    paths: ['sources', 'citations', 'citationFormat', 'sourcesFirst', 'sites', 'freshness', 'instruction'].map(
      (field) => `search.${field}`,
    ),
  })
})

test('cache marks stand on their parts, and partial mode on its message', async () => {
  const messages: PreparedMessage[] = [
    { role: 'system', content: [{ type: 'text', text: 'a', cache: true }] },
    { role: 'user', content: [{ type: 'text', text: 'b', cache: false }] },
    { role: 'assistant', content: 'c', partial: true },
  ]
  expect((await encode({ messages })).messages).toEqual([
    { role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
    { role: 'user', content: [{ type: 'text', text: 'b' }] },
    { role: 'assistant', content: 'c', partial: true },
  ])
})

test('a message of ours ahead of the conversation does not shift the places that errors name', async () => {
  const video: PreparedMessage = {
    role: 'user',
    content: [{ type: 'video', video: 'https://example.com/a.mp4', maxFrames: 9 }],
  }
  const messages: PreparedMessage[] = [{ role: 'system', content: 'Answer with JSON alone.' }, video]
  expect((await encode({ messages, ahead: 1 })).paths).toEqual(['messages[0].content[0].maxFrames'])
})

test('words are written as everything else is', async () => {
  for (const request of plainRequests) expect(await encode({ ...request, plain: true })).toEqual(await encode(request))
})
