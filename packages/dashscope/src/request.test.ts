import type { PreparedMessage, NativeService, PreparedRequest } from '@dualscope/core'
import { expect, test } from 'vitest'

import { encodeRequest } from './request.ts'
import { routeOf } from './service.ts'

const base: PreparedRequest = {
  model: 'kimi-k3',
  modelInfo: undefined,
  thinking: {},
  messages: [{ role: 'user', content: 'hi' }],
}

function encode(request: Partial<PreparedRequest>, service: NativeService = 'multimodal-generation') {
  const target = { route: routeOf(service), stream: false, incrementalOutput: true }
  const { body, unsupported } = encodeRequest({ ...base, ...request }, target)
  const { input, parameters } = body as { input: { messages: unknown }; parameters: Record<string, unknown> }
  const { result_format: _format, ...options } = parameters
  return { messages: input.messages, options, paths: unsupported.map(({ path }) => path) }
}

test('options stand under parameters', () => {
  expect(encode({ toolChoice: 'none', output: 'json' }).options).toEqual({
    tool_choice: 'none',
    response_format: { type: 'json_object' },
  })
})

test('a turn with calls and a result of one go back, reasoning too', () => {
  const call = { id: 'functions.a:0', name: 'a', arguments: '{}' }
  const messages: PreparedMessage[] = [
    { role: 'assistant', content: '', reasoning: '', toolCalls: [call] },
    { role: 'tool', toolCallId: 'functions.a:0', content: 'no' },
  ]
  const sent = { id: 'functions.a:0', type: 'function', index: 0, function: { name: 'a', arguments: '{}' } }
  expect(encode({ messages }).messages).toEqual([
    { role: 'assistant', content: [], reasoning_content: '', tool_calls: [sent] },
    { role: 'tool', tool_call_id: 'functions.a:0', content: [{ text: 'no' }] },
  ])
  expect(encode({ messages }, 'text-generation').messages).toMatchObject([{ content: '' }, { content: 'no' }])
})

test('a search goes out whole, and asks for its sources unless told not to', () => {
  expect(encode({ search: false }).options).toEqual({ enable_search: false })
  expect(encode({ search: true }).options).toEqual({
    enable_search: true,
    search_options: { enable_source: true },
  })
  const search = {
    forced: true,
    strategy: 'max',
    specializedSources: true,
    sources: false,
    citations: true,
    citationFormat: '[ref_<number>]',
    sourcesFirst: true,
    sites: ['example.com'],
    freshness: 7,
    instruction: 'only news',
  } as const
  expect(encode({ search })).toMatchObject({
    options: {
      enable_search: true,
      search_options: {
        forced_search: true,
        search_strategy: 'max',
        enable_search_extension: true,
        enable_source: false,
        enable_citation: true,
        citation_format: '[ref_<number>]',
        prepend_search_result: true,
        assigned_site_list: ['example.com'],
        freshness: 7,
        intention_options: { prompt_intervene: 'only news' },
      },
    },
    paths: [],
  })
})

test('cache marks stand on their parts, and partial mode on its message', () => {
  const messages: PreparedMessage[] = [
    { role: 'system', content: [{ type: 'text', text: 'a', cache: true }] },
    { role: 'user', content: [{ type: 'text', text: 'b', cache: false }] },
    { role: 'assistant', content: 'c', partial: true },
  ]
  expect(encode({ messages })).toMatchObject({
    messages: [
      { role: 'system', content: [{ text: 'a', cache_control: { type: 'ephemeral' } }] },
      { role: 'user', content: [{ text: 'b' }] },
      { role: 'assistant', content: [{ text: 'c' }], partial: true },
    ],
    paths: [],
  })
  const text = encode({ messages }, 'text-generation')
  expect(text.messages).toMatchObject([{ content: 'a' }, { content: 'b' }, { content: 'c', partial: true }])
  expect(text.paths).toEqual(['messages[0].content[0].cache'])
})

test('an inserted message does not shift the places that errors name', () => {
  const image: PreparedMessage = { role: 'user', content: [{ type: 'image', image: 'https://example.com/a.png' }] }
  const messages: PreparedMessage[] = [{ role: 'system', content: 'Answer with JSON alone.' }, image]
  expect(encode({ messages, places: ['the instruction', 'messages[0]'] }, 'text-generation').paths).toEqual([
    'messages[0].content[0]',
  ])
})

test.each(['model', 'messages', 'result_format', 'incremental_output', 'enable_thinking'])(
  'extra cannot set %s a second time',
  (name) => {
    expect(() => encode({ extra: { [name]: 1 } })).toThrow(expect.objectContaining({ code: 'validation' }))
  },
)
