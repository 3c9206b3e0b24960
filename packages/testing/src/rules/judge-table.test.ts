import { expect, test } from 'vitest'

import type { Protocol, Service } from '../protocol.ts'
import { judge } from './judge.ts'

/**
 * Requests that the documents forbid, advise against or permit, each with its source. Tags: ERR "Error messages", OA and DS the
 * OpenAI-compatible and the DashScope API references, KIMI the "Kimi" pages, UPL "Upload a file", CACHE "Context cache", FIX
 * recorded exchanges of cnblogs/dashscope-sdk, R reports of users with their issue.
 */
interface Row {
  source: string
  what: string
  verdict: 'refused' | 'warned' | 'allowed'
  /** Of the refusal or the warning. */
  says?: string
  on?: Protocol | 'both'
  model?: string
  messages?: unknown[]
  /** Instead of messages, natively. */
  input?: object
  options?: object
  stream?: boolean
  headers?: Record<string, string>
}

const user = { role: 'user', content: 'Hi' }
const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } }
const tool = { type: 'function', function: { name: 'now', description: 'The time.', parameters: { type: 'object' } } }
const k2 = 'Moonshot-Kimi-K2-Instruct'

function calling(args: string, more: object = {}) {
  return [
    user,
    { role: 'assistant', content: '', tool_calls: [{ ...call, function: { name: 'now', arguments: args } }], ...more },
    { role: 'tool', tool_call_id: 'call_1', content: '12:00' },
  ]
}
function say(...content: unknown[]) {
  return [{ role: 'user', content }]
}
function urls(count: number) {
  return Array.from({ length: count }, (_, index) => `https://example.com/${index}.jpg`)
}
function toolWith(fields: object) {
  return { tools: [{ type: 'function', function: { ...tool.function, ...fields } }] }
}
const video = { on: 'dashscope', messages: say({ video: 'https://example.com/a.mp4' }) } as const
const compatibleVideo = {
  on: 'compatible',
  messages: say({ type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }),
} as const
const marked = { text: 'Hi', cache_control: { type: 'ephemeral' } }

const rows: readonly Row[] = [
  // Models
  { source: 'ERR 404', what: 'an unknown kimi id', model: 'kimi-k9', verdict: 'refused', says: '404' },
  { source: 'ERR 404', what: 'an unknown Moonshot id', model: 'Moonshot-Kimi-K9', verdict: 'refused', says: '404' },
  {
    source: 'KIMI',
    what: 'a prefix that the model lacks',
    model: 'kimi/kimi-k2-thinking',
    verdict: 'refused',
    says: '404',
  },
  { source: 'KIMI', what: 'kimi/ natively', on: 'dashscope', model: 'kimi/kimi-k3', verdict: 'refused', says: '404' },
  { source: 'KIMI', what: 'kimi/ over chat/completions', on: 'compatible', model: 'kimi/kimi-k3', verdict: 'allowed' },
  { source: 'KIMI', what: 'a model of another family', model: 'qwen-plus', verdict: 'allowed' },

  // Messages
  {
    source: 'ERR',
    what: 'an assistant message at the end',
    messages: [user, { role: 'assistant', content: 'Hi' }],
    verdict: 'refused',
    says: 'last message',
  },
  {
    source: 'ERR',
    what: 'a system message at the end',
    messages: [user, { role: 'system', content: 'Hi' }],
    verdict: 'refused',
    says: 'last message',
  },
  {
    source: 'ERR',
    what: 'no message of the user',
    messages: [{ role: 'system', content: 'Hi' }],
    verdict: 'refused',
    says: 'role of user',
  },
  {
    source: 'ERR',
    what: 'empty content',
    messages: [{ role: 'user', content: '' }],
    verdict: 'refused',
    says: 'Content length',
  },
  { source: 'ERR', what: 'no content', messages: [{ role: 'user' }], verdict: 'refused', says: 'content field' },
  { source: 'ERR', what: 'no messages', messages: [], verdict: 'refused', says: 'too short' },
  {
    source: 'ERR',
    what: 'an unknown role',
    messages: [{ role: 'developer', content: 'Hi' }, user],
    verdict: 'refused',
    says: 'ole',
  },
  {
    source: 'ERR',
    what: 'an array on text-generation',
    on: 'dashscope',
    model: k2,
    messages: say({ text: 'Hi' }),
    verdict: 'refused',
    says: 'must be a string',
  },
  {
    source: 'CACHE',
    what: 'marked parts on text-generation',
    on: 'dashscope',
    model: k2,
    messages: say(marked),
    verdict: 'allowed',
  },
  { source: 'CACHE', what: 'marked parts natively', on: 'dashscope', messages: say(marked), verdict: 'allowed' },
  {
    source: 'CACHE',
    what: 'marked parts of the system',
    on: 'compatible',
    messages: [{ role: 'system', content: [{ type: 'text', ...marked }] }, user],
    verdict: 'allowed',
  },
  {
    source: 'CACHE',
    what: 'a mark of another type',
    on: 'dashscope',
    messages: say({ text: 'Hi', cache_control: { type: 'ever' } }),
    verdict: 'refused',
    says: 'cache_control',
  },
  {
    source: 'CACHE',
    what: 'five marks',
    on: 'dashscope',
    messages: say(marked, marked, marked, marked, marked),
    verdict: 'warned',
    says: 'at most 4',
  },
  { source: 'KIMI', what: 'a string on multimodal-generation', on: 'dashscope', verdict: 'allowed' },
  {
    source: 'FIX',
    what: 'input.prompt on text-generation',
    on: 'dashscope',
    model: 'qwen-max',
    input: { prompt: 'Hi' },
    verdict: 'allowed',
  },
  {
    source: 'DS',
    what: 'input.prompt with input.history',
    on: 'dashscope',
    model: k2,
    input: { prompt: 'Hi', history: [{ user: 'a', bot: 'b' }] },
    verdict: 'allowed',
  },
  {
    source: 'DS',
    what: 'input.prompt on multimodal-generation',
    on: 'dashscope',
    input: { prompt: 'Hi' },
    verdict: 'refused',
    says: 'messages',
  },
  {
    source: 'ERR',
    what: 'neither prompt nor messages',
    on: 'dashscope',
    input: {},
    verdict: 'refused',
    says: 'cannot both be none',
  },
  {
    source: 'FIX',
    what: 'parts of qwen-doc-turbo on text-generation',
    on: 'dashscope',
    model: 'qwen-doc-turbo',
    messages: say({ type: 'text', text: 'Hi' }, { type: 'doc_url', doc_url: urls(1) }),
    verdict: 'allowed',
  },

  // Tool calls in a history
  {
    source: 'R nanobot 1487',
    what: 'empty arguments',
    messages: calling(''),
    verdict: 'refused',
    says: 'must be in JSON format',
  },
  {
    source: 'R nanobot 1487',
    what: 'cut arguments',
    messages: calling('{"zone":"U'),
    verdict: 'refused',
    says: 'must be in JSON format',
  },
  {
    source: 'R nanobot 2469',
    what: 'two objects in a row',
    messages: calling('{}{}'),
    verdict: 'refused',
    says: 'must be in JSON format',
  },
  { source: 'DS', what: 'arguments that are JSON', messages: calling('{"zone":"UTC"}'), verdict: 'allowed' },
  {
    source: 'ERR',
    what: 'a tool message without its call',
    messages: [user, { role: 'tool', tool_call_id: 'x', content: '1' }],
    verdict: 'refused',
    says: 'preceeding message',
  },
  {
    source: 'ERR',
    what: 'a call without its answer',
    messages: [...calling('{}').slice(0, 2), user],
    verdict: 'refused',
    says: 'must be followed by',
  },
  {
    source: 'OA',
    what: 'a tool message without an id',
    on: 'compatible',
    messages: [...calling('{}').slice(0, 2), { role: 'tool', content: '1' }],
    verdict: 'refused',
    says: 'tool_call_id',
  },
  {
    source: 'DS',
    what: 'a tool message without an id natively',
    on: 'dashscope',
    messages: [...calling('{}').slice(0, 2), { role: 'tool', content: '1' }],
    verdict: 'warned',
    says: 'tool_call_id',
  },
  { source: 'OA', what: 'a call with null content', messages: calling('{}', { content: null }), verdict: 'allowed' },
  {
    source: 'OA',
    what: 'reasoning in a history',
    messages: calling('{}', { reasoning_content: 'Hm.' }),
    verdict: 'allowed',
  },

  // Tools
  {
    source: 'OA',
    what: 'a tool without a description',
    options: toolWith({ description: undefined }),
    verdict: 'warned',
    says: 'description',
  },
  { source: 'OA', what: 'a tool with empty parameters', options: toolWith({ parameters: {} }), verdict: 'allowed' },
  {
    source: 'ERR',
    what: 'a tool named search',
    options: toolWith({ name: 'search' }),
    verdict: 'refused',
    says: 'not allowed to be [search]',
  },
  {
    source: 'OA',
    what: 'a tool name of 65 characters',
    options: toolWith({ name: 'x'.repeat(65) }),
    verdict: 'refused',
    says: 'name',
  },
  {
    source: 'OA',
    what: 'a tool name with a space',
    options: toolWith({ name: 'a b' }),
    verdict: 'refused',
    says: 'name',
  },
  { source: 'DS', what: 'n: 2 with tools', options: { tools: [tool], n: 2 }, verdict: 'refused', says: 'n)' },
  { source: 'DS', what: 'n: 2', model: 'qwen-plus', options: { n: 2 }, verdict: 'allowed' },
  { source: 'OA', what: 'n: 5', options: { n: 5 }, verdict: 'refused', says: '[1, 4]' },
  {
    source: 'OA',
    what: 'tool_choice of a tool that is not there',
    options: { tools: [tool], tool_choice: { type: 'function', function: { name: 'x' } } },
    verdict: 'refused',
    says: 'tool_choice',
  },
  {
    source: 'OA',
    what: 'tool_choice without tools',
    options: { tool_choice: { type: 'function', function: { name: 'now' } } },
    verdict: 'refused',
    says: 'tool_choice',
  },
  {
    source: 'OA',
    what: 'tool_choice of a tool that is there',
    options: { tools: [tool], tool_choice: { type: 'function', function: { name: 'now' } } },
    verdict: 'allowed',
  },
  {
    source: 'ERR',
    what: 'tool_choice while thinking',
    options: { enable_thinking: true, tools: [tool], tool_choice: 'required' },
    verdict: 'refused',
    says: '["none","auto"]',
  },
  {
    source: 'KIMI k3',
    what: 'tool_choice required of kimi-k3',
    model: 'kimi-k3',
    options: { tools: [tool], tool_choice: 'required' },
    verdict: 'allowed',
  },
  {
    source: 'KIMI k3',
    what: 'tools of a system message',
    model: 'kimi-k3',
    messages: [{ role: 'system', tools: [tool] }, user],
    verdict: 'allowed',
  },
  {
    source: 'KIMI k3',
    what: 'tools of a system message with content',
    model: 'kimi-k3',
    messages: [{ role: 'system', content: 'x', tools: [tool] }, user],
    verdict: 'refused',
    says: 'tokenization',
  },
  {
    source: 'KIMI k3',
    what: 'tools of a system message elsewhere',
    messages: [{ role: 'system', tools: [tool] }, user],
    verdict: 'refused',
    says: 'tokenization',
  },

  // Moonshot's own
  {
    source: 'R kimi-code 1985',
    what: 'an empty assistant message to Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    messages: [user, { role: 'assistant', content: '' }, user],
    verdict: 'refused',
    says: 'must not be empty',
  },
  {
    source: 'KIMI',
    what: 'an empty assistant message',
    messages: [user, { role: 'assistant', content: '' }, user],
    verdict: 'allowed',
  },
  {
    source: 'R AstrBot 7200',
    what: 'empty parameters to Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: toolWith({ parameters: {} }),
    verdict: 'refused',
    says: 'parameters.type is required',
  },
  {
    source: 'R vercel/ai 18921',
    what: 'items: false to Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: toolWith({ parameters: { type: 'object', properties: { a: { type: 'array', items: false } } } }),
    verdict: 'refused',
    says: 'items',
  },
  {
    source: 'R vercel/ai 18921',
    what: 'items: false',
    options: toolWith({ parameters: { type: 'object', properties: { a: { type: 'array', items: false } } } }),
    verdict: 'allowed',
  },
  {
    source: 'R kimi-cli 2531',
    what: 'type beside anyOf to Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: toolWith({
      parameters: { type: 'object', properties: { a: { type: 'string', anyOf: [{ type: 'string' }] } } },
    }),
    verdict: 'refused',
    says: 'anyOf',
  },
  {
    source: 'R kimi-cli 2531',
    what: 'a sibling of $ref to Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: toolWith({ parameters: { type: 'object', properties: { a: { $ref: '#/$defs/a', description: 'x' } } } }),
    verdict: 'refused',
    says: '$ref',
  },
  {
    source: 'R kimi-code 1985',
    what: 'a tool name that begins with a digit to Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: toolWith({ name: '1st' }),
    verdict: 'refused',
    says: 'start with a letter',
  },
  {
    source: 'OA',
    what: 'a tool name that begins with a digit',
    options: toolWith({ name: '1st' }),
    verdict: 'allowed',
  },
  {
    source: 'R kimi-code 1985',
    what: 'a property called items, type or anyOf',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: toolWith({
      parameters: {
        type: 'object',
        properties: { items: { type: 'string' }, anyOf: { type: 'string' }, type: { type: 'string' } },
      },
    }),
    verdict: 'allowed',
  },

  // Media
  {
    source: 'KIMI k3',
    what: 'video for kimi-k3',
    ...video,
    model: 'kimi-k3',
    verdict: 'refused',
    says: 'content.video',
  },
  {
    source: 'KIMI k3',
    what: 'video for kimi-k3 over chat/completions',
    ...compatibleVideo,
    model: 'kimi-k3',
    verdict: 'refused',
    says: 'content.video',
  },
  { source: 'KIMI', what: 'video for kimi-k2.5', ...video, verdict: 'allowed' },
  {
    source: 'KIMI',
    what: 'an image for a text model',
    on: 'compatible',
    model: k2,
    messages: say({ type: 'image_url', image_url: { url: urls(1)[0] } }),
    verdict: 'refused',
    says: 'must be a string',
  },
  {
    source: 'KIMI',
    what: 'three frames',
    on: 'dashscope',
    messages: say({ video: urls(3) }),
    verdict: 'refused',
    says: '(4, 2000)',
  },
  {
    source: 'KIMI',
    what: '2001 frames',
    on: 'dashscope',
    messages: say({ video: urls(2001) }),
    verdict: 'refused',
    says: '(4, 2000)',
  },
  {
    source: 'DS',
    what: 'three frames for another model',
    on: 'dashscope',
    model: 'qwen-vl-max',
    messages: say({ video: urls(3) }),
    verdict: 'allowed',
  },
  {
    source: 'KIMI',
    what: 'fps 0.05',
    on: 'dashscope',
    messages: say({ video: urls(4), fps: 0.05 }),
    verdict: 'refused',
    says: 'fps',
  },
  {
    source: 'KIMI',
    what: 'fps 11',
    on: 'dashscope',
    messages: say({ video: urls(4), fps: 11 }),
    verdict: 'refused',
    says: 'fps',
  },
  {
    source: 'DS',
    what: 'max_frames natively',
    on: 'dashscope',
    messages: say({ video: 'https://example.com/a.mp4', max_frames: 2000 }),
    verdict: 'allowed',
  },
  {
    source: 'OA',
    what: 'max_frames over chat/completions',
    on: 'compatible',
    messages: say({ type: 'video_url', video_url: { url: urls(1)[0] }, max_frames: 9 }),
    verdict: 'refused',
    says: 'max_frames',
  },
  {
    source: 'FIX',
    what: 'audio alone for a captioner',
    on: 'dashscope',
    model: 'qwen3-omni-30b-a3b-captioner',
    messages: say({ audio: 'https://example.com/a.wav' }),
    verdict: 'allowed',
  },
  {
    source: 'KIMI',
    what: 'audio for kimi-k2.5',
    on: 'dashscope',
    messages: say({ audio: 'https://example.com/a.wav' }),
    verdict: 'refused',
    says: 'audio',
  },
  {
    source: 'ERR',
    what: 'a part of no kind',
    on: 'dashscope',
    messages: say({ type: 'text' }),
    verdict: 'refused',
    says: 'certain modal',
  },
  {
    source: 'ERR',
    what: 'a part of two kinds',
    on: 'dashscope',
    messages: say({ text: 'Hi', image: urls(1)[0] }),
    verdict: 'refused',
    says: 'certain modal',
  },
  {
    source: 'ERR',
    what: 'a data URL over 10 MB',
    on: 'dashscope',
    messages: say({ image: `data:image/png;base64,${'A'.repeat(10_485_760)}` }),
    verdict: 'refused',
    says: '10485760',
  },
  {
    source: 'ERR',
    what: 'a path',
    on: 'dashscope',
    messages: say({ image: '/home/a.png' }),
    verdict: 'refused',
    says: 'URL',
  },
  {
    source: 'ERR',
    what: 'a file: URL',
    on: 'dashscope',
    messages: say({ image: 'file:///home/a.png' }),
    verdict: 'refused',
    says: 'URL',
  },
  {
    source: 'UPL',
    what: 'oss:// without the header',
    on: 'dashscope',
    messages: say({ image: 'oss://a/b.png' }),
    verdict: 'refused',
    says: 'URL',
  },
  {
    source: 'UPL',
    what: 'oss:// with the header',
    on: 'dashscope',
    messages: say({ image: 'oss://a/b.png' }),
    headers: { 'x-dashscope-ossresourceresolve': 'enable' },
    verdict: 'allowed',
  },
  {
    source: 'UPL',
    what: 'oss:// that was not uploaded',
    on: 'dashscope',
    messages: say({ image: 'oss://a/lost.png' }),
    headers: { 'x-dashscope-ossresourceresolve': 'enable' },
    verdict: 'refused',
    says: 'download',
  },

  // Thinking
  {
    source: 'KIMI',
    what: 'enable_thinking of kimi-k2.5',
    options: { enable_thinking: true, incremental_output: true },
    verdict: 'allowed',
  },
  {
    source: 'KIMI',
    what: 'enable_thinking of kimi-k2-thinking',
    model: 'kimi-k2-thinking',
    options: { enable_thinking: true, result_format: 'message' },
    verdict: 'refused',
    says: 'enable_thinking',
  },
  {
    source: 'KIMI',
    what: 'enable_thinking of a model that never thinks',
    model: k2,
    options: { enable_thinking: false },
    verdict: 'refused',
    says: 'enable_thinking',
  },
  {
    source: 'KIMI',
    what: 'no thinking of kimi-k3',
    model: 'kimi-k3',
    options: { enable_thinking: false },
    verdict: 'refused',
    says: 'restricted to True',
  },
  {
    source: 'KIMI',
    what: 'no thinking of kimi-k2.7-code',
    model: 'kimi-k2.7-code',
    options: { enable_thinking: false },
    verdict: 'refused',
    says: 'restricted to True',
  },
  {
    source: 'ERR',
    what: 'a thinking_budget of 0',
    options: { enable_thinking: true, thinking_budget: 0 },
    verdict: 'refused',
    says: 'thinking_budget',
  },
  {
    source: 'KIMI',
    what: 'a thinking_budget above the longest',
    options: { enable_thinking: true, thinking_budget: 32_769 },
    verdict: 'refused',
    says: '32768',
  },
  {
    source: 'KIMI k3',
    what: 'a thinking_budget of kimi-k3',
    model: 'kimi-k3',
    options: { thinking_budget: 100 },
    verdict: 'warned',
    says: 'thinking_budget',
  },
  {
    source: 'DS',
    what: 'a thinking_budget without thinking',
    options: { thinking_budget: 100 },
    verdict: 'warned',
    says: 'without thinking',
  },
  {
    source: 'KIMI',
    what: 'preserve_thinking of kimi-k2.6',
    model: 'kimi-k2.6',
    options: { preserve_thinking: true },
    verdict: 'allowed',
  },
  {
    source: 'KIMI',
    what: 'preserve_thinking of kimi-k2.5',
    options: { preserve_thinking: true },
    verdict: 'warned',
    says: 'preserve_thinking',
  },
  {
    source: 'KIMI k3',
    what: 'reasoning_effort of kimi-k3',
    model: 'kimi-k3',
    options: { reasoning_effort: 'high' },
    verdict: 'allowed',
  },
  {
    source: 'KIMI k3',
    what: 'another reasoning_effort of kimi-k3',
    model: 'kimi-k3',
    options: { reasoning_effort: 'medium' },
    verdict: 'refused',
    says: 'reasoning_effort',
  },
  {
    source: 'KIMI k3',
    what: 'reasoning_effort high of kimi/kimi-k3',
    on: 'compatible',
    model: 'kimi/kimi-k3',
    options: { reasoning_effort: 'high' },
    verdict: 'refused',
    says: 'reasoning_effort',
  },
  {
    source: 'KIMI',
    what: 'reasoning_effort of kimi-k2.5',
    options: { reasoning_effort: 'high' },
    verdict: 'warned',
    says: 'reasoning_effort',
  },
  {
    source: 'ERR',
    what: 'a cumulative stream that thinks',
    on: 'dashscope',
    stream: true,
    options: { enable_thinking: true, incremental_output: false },
    verdict: 'refused',
    says: 'incremental_output',
  },
  {
    source: 'ERR',
    what: 'thinking without a message',
    on: 'dashscope',
    model: 'kimi-k2-thinking',
    verdict: 'refused',
    says: 'result_format',
  },
  {
    source: 'FIX',
    what: 'thinking without a message of deepseek-v4-pro',
    on: 'dashscope',
    model: 'deepseek-v4-pro',
    options: { enable_thinking: true },
    verdict: 'allowed',
  },

  // Sampling and lengths
  { source: 'OA', what: 'a temperature of 2', options: { temperature: 2 }, verdict: 'refused', says: '[0.0, 2.0)' },
  { source: 'OA', what: 'a temperature of 0', options: { temperature: 0 }, verdict: 'allowed' },
  { source: 'OA', what: 'a temperature in words', options: { temperature: '1' }, verdict: 'refused', says: 'Float' },
  { source: 'OA', what: 'a top_p of 0', options: { top_p: 0 }, verdict: 'refused', says: '(0.0, 1.0]' },
  {
    source: 'KIMI',
    what: 'top_p of kimi-k2-thinking',
    model: 'kimi-k2-thinking',
    options: { top_p: 0.9, result_format: 'message' },
    verdict: 'warned',
    says: 'top_p',
  },
  { source: 'OA', what: 'top_k', options: { top_k: 5 }, verdict: 'warned', says: 'top_k' },
  { source: 'OA', what: 'a top_k of -1', options: { top_k: -1 }, verdict: 'refused', says: 'top_k' },
  {
    source: 'OA',
    what: 'a presence_penalty of 3',
    options: { presence_penalty: 3 },
    verdict: 'refused',
    says: '[-2.0, 2.0]',
  },
  {
    source: 'OA',
    what: 'a repetition_penalty of 0',
    options: { repetition_penalty: 0 },
    verdict: 'refused',
    says: 'greater than 0',
  },
  {
    source: 'OA',
    what: 'frequency_penalty',
    options: { frequency_penalty: 1 },
    verdict: 'warned',
    says: 'frequency_penalty',
  },
  {
    source: 'KIMI',
    what: 'more tokens than the model has',
    options: { max_tokens: 32_769 },
    verdict: 'refused',
    says: '[1, 32768]',
  },
  { source: 'OA', what: 'max_completion_tokens', options: { max_completion_tokens: 100 }, verdict: 'allowed' },
  {
    source: 'OA',
    what: 'max_completion_tokens of Moonshot',
    on: 'compatible',
    model: 'kimi/kimi-k2.5',
    options: { max_completion_tokens: 100 },
    verdict: 'warned',
    says: 'max_completion_tokens',
  },
  { source: 'OA', what: 'a negative seed', options: { seed: -1 }, verdict: 'refused', says: 'seed' },
  {
    source: 'OA',
    what: 'a seed of 2^31',
    on: 'compatible',
    options: { seed: 2 ** 31 },
    verdict: 'refused',
    says: 'seed',
  },
  { source: 'ERR', what: 'a seed of 2^31 natively', on: 'dashscope', options: { seed: 2 ** 31 }, verdict: 'allowed' },
  { source: 'OA', what: 'stop as a list', options: { stop: ['a', 'b'] }, verdict: 'allowed' },
  { source: 'DS', what: 'stop of texts and tokens', options: { stop: ['a', 1] }, verdict: 'refused', says: 'stop' },
  { source: 'OA', what: 'logprobs', options: { logprobs: true }, verdict: 'warned', says: 'logprobs' },
  { source: 'OA', what: 'an unknown option', options: { unheard_of: 1 }, verdict: 'allowed' },

  // Output, search, partial mode, streams
  {
    source: 'KIMI',
    what: 'JSON of kimi-k2.5',
    options: { response_format: { type: 'json_object' } },
    messages: [{ role: 'user', content: 'json' }],
    verdict: 'refused',
    says: 'response_format',
  },
  {
    source: 'KIMI',
    what: 'JSON of kimi-k3',
    model: 'kimi-k3',
    options: { response_format: { type: 'json_object' } },
    messages: [{ role: 'user', content: 'As JSON' }],
    verdict: 'allowed',
  },
  {
    source: 'ERR',
    what: 'JSON without the word',
    model: 'kimi-k3',
    options: { response_format: { type: 'json_object' } },
    verdict: 'refused',
    says: "the word 'json'",
  },
  {
    source: 'ERR',
    what: 'JSON while thinking is switched on',
    model: 'kimi-k3',
    options: { enable_thinking: true, response_format: { type: 'json_object' } },
    messages: [{ role: 'user', content: 'json' }],
    verdict: 'refused',
    says: 'Json mode',
  },
  {
    source: 'ERR',
    what: 'search of kimi-k2.5',
    options: { enable_search: true },
    verdict: 'refused',
    says: 'enable_search',
  },
  { source: 'KIMI', what: 'search of kimi-k3', model: 'kimi-k3', options: { enable_search: true }, verdict: 'allowed' },
  {
    source: 'DS',
    what: 'partial mode of kimi-k3',
    model: 'kimi-k3',
    messages: [user, { role: 'assistant', content: 'H', partial: true }],
    verdict: 'allowed',
  },
  {
    source: 'DS',
    what: 'partial mode of kimi-k2.5',
    messages: [user, { role: 'assistant', content: 'H', partial: true }],
    verdict: 'refused',
    says: 'partial',
  },
  {
    source: 'DS',
    what: 'partial on an earlier message',
    model: 'kimi-k3',
    messages: [user, { role: 'assistant', content: 'H', partial: true }, user],
    verdict: 'refused',
    says: 'partial',
  },
  {
    source: 'DS',
    what: 'partial on a message of the user',
    model: 'kimi-k3',
    messages: [{ ...user, partial: true }],
    verdict: 'refused',
    says: 'partial',
  },
  {
    source: 'DS',
    what: 'partial with tools',
    model: 'kimi-k3',
    messages: [user, { role: 'assistant', content: 'H', partial: true }],
    options: { tools: [tool] },
    verdict: 'refused',
    says: 'partial',
  },
  {
    source: 'OA',
    what: 'stream_options without a stream',
    on: 'compatible',
    options: { stream_options: { include_usage: true } },
    verdict: 'refused',
    says: 'stream_options',
  },
  {
    source: 'OA',
    what: 'stream_options with a stream',
    on: 'compatible',
    stream: true,
    options: { stream_options: { include_usage: true } },
    verdict: 'allowed',
  },
  {
    source: 'DS',
    what: 'tools without result_format',
    on: 'dashscope',
    model: k2,
    options: { tools: [tool] },
    verdict: 'refused',
    says: 'result_format',
  },
  {
    source: 'DS',
    what: 'a cumulative stream',
    on: 'dashscope',
    stream: true,
    options: { incremental_output: false },
    verdict: 'allowed',
  },
  {
    source: 'ERR',
    what: 'a result_format of another kind',
    on: 'dashscope',
    options: { result_format: 'json' },
    verdict: 'refused',
    says: 'result_format',
  },
]

/** Adds what natively every request of a text model says, so that a row is about one thing. */
function serviceOf(model: string): Service {
  return /^(kimi-k2-thinking|Moonshot-|qwen-(max|plus|doc)|deepseek)/.test(model)
    ? 'text-generation'
    : 'multimodal-generation'
}

function judgeRow(row: Row, protocol: Protocol) {
  const { model = 'kimi-k2.5', messages = [user], input, options = {}, stream = false } = row
  const service = serviceOf(model)
  const compatible = protocol === 'compatible'
  const { result_format: _format, incremental_output: _incremental, ...common } = options as Record<string, unknown>
  return judge({
    protocol,
    service: compatible ? undefined : service,
    body: compatible
      ? { model, messages, stream, ...common }
      : { model, input: input ?? { messages }, parameters: { ...defaultsFor(row, service), ...options } },
    headers: new Headers({ ...row.headers, ...(stream && !compatible ? { 'x-dashscope-sse': 'enable' } : {}) }),
    canRead: (url) => !url.includes('lost'),
  }).issues
}

function defaultsFor({ on, messages, model }: Row, service: Service): object {
  const isPlain = on === undefined && service === 'text-generation' && model !== undefined && messages === undefined
  return isPlain ? { result_format: 'message' } : {}
}

const cases = rows.flatMap((row) =>
  (row.on === undefined || row.on === 'both' ? (['compatible', 'dashscope'] as const) : [row.on]).map(
    (protocol) => [protocol, row.verdict, row.what, row.source, row] as const,
  ),
)

function outcomeOf(row: Row, protocol: Protocol): { verdict: Row['verdict']; says: string } {
  const issues = judgeRow(row, protocol)
  const errors = issues.filter(({ severity }) => severity === 'error')
  const verdict = errors.length > 0 ? 'refused' : issues.length > 0 ? 'warned' : 'allowed'
  const shown = (errors.length > 0 ? errors.slice(0, 1) : issues).map(({ status, message }) => `${status} ${message}`)
  return { verdict, says: shown.join('\n') }
}

test.each(cases)('%s, %s: %s (%s)', (protocol, verdict, _what, _source, row) => {
  expect(outcomeOf(row, protocol)).toEqual({ verdict, says: expect.stringContaining(row.says ?? '') as string })
})
