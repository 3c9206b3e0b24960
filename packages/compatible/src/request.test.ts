import type { PreparedMessage, PreparedRequest } from '@dualscope/core'
import { expect, test } from 'vitest'

import { encodeRequest } from './request.ts'

const base: PreparedRequest = {
  model: 'kimi-k3',
  modelInfo: undefined,
  thinking: {},
  messages: [{ role: 'user', content: 'hi' }],
}

function encode(request: Partial<PreparedRequest>) {
  const { body, unsupported } = encodeRequest({ ...base, ...request }, { stream: false })
  const { model: _model, messages, ...options } = body
  return { messages, options, paths: unsupported.map(({ path }) => path) }
}

test('options stand at the top of the body', () => {
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
    { role: 'assistant', content: '', reasoning_content: '', tool_calls: [sent] },
    { role: 'tool', tool_call_id: 'functions.a:0', content: 'no' },
  ])
})

test('a search goes out as far as this protocol takes it, and the rest is named', () => {
  expect(encode({ search: true })).toMatchObject({ options: { enable_search: true }, paths: [] })
  expect(encode({ search: false })).toMatchObject({ options: { enable_search: false }, paths: [] })
  const search = { forced: true, strategy: 'max', specializedSources: true, citations: false }
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
  expect(encode({ search })).toMatchObject({ options, paths: [] })
  expect(encode({ search: all })).toMatchObject({
    options,
    paths: ['sources', 'citations', 'citationFormat', 'sourcesFirst', 'sites', 'freshness', 'instruction'].map(
      (field) => `search.${field}`,
    ),
  })
})

test('cache marks stand on their parts, and partial mode on its message', () => {
  const messages: PreparedMessage[] = [
    { role: 'system', content: [{ type: 'text', text: 'a', cache: true }] },
    { role: 'user', content: [{ type: 'text', text: 'b', cache: false }] },
    { role: 'assistant', content: 'c', partial: true },
  ]
  expect(encode({ messages }).messages).toEqual([
    { role: 'system', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
    { role: 'user', content: [{ type: 'text', text: 'b' }] },
    { role: 'assistant', content: 'c', partial: true },
  ])
})

test('an inserted message does not shift the places that errors name', () => {
  const video: PreparedMessage = {
    role: 'user',
    content: [{ type: 'video', video: 'https://example.com/a.mp4', maxFrames: 9 }],
  }
  const messages: PreparedMessage[] = [{ role: 'system', content: 'Answer with JSON alone.' }, video]
  expect(encode({ messages, places: ['the instruction', 'messages[0]'] }).paths).toEqual([
    'messages[0].content[0].maxFrames',
  ])
})
