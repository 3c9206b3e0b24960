import { expect, test } from 'vitest'

import type { Fixture } from '../fixtures/fixture.ts'
import { fixtures } from '../fixtures/fixtures.ts'
import type { Protocol, Service } from '../protocol.ts'
import type { Issue } from './issue.ts'
import { judge } from './judge.ts'

const user = { role: 'user', content: 'Hi' }

function judgeCompatible(body: object, headers = {}) {
  return judge({
    protocol: 'compatible',
    body: { model: 'kimi-k2.5', messages: [user], ...body },
    headers: new Headers(headers),
  }).issues
}

function judgeNative({
  parameters = {},
  messages = [user],
  model = 'kimi-k2.5',
  service = 'multimodal-generation',
  ...headers
}: {
  parameters?: object
  messages?: unknown[]
  model?: string
  service?: Service
  [header: `x-${string}`]: string
} = {}) {
  return judge({
    protocol: 'dashscope',
    service,
    body: { model, input: { messages }, parameters },
    headers: new Headers(headers),
  }).issues
}

function first(issues: readonly Issue[]) {
  const [issue] = issues.filter(({ severity }) => severity === 'error')
  return issue && `${issue.status} ${issue.code}: ${issue.message}`
}

const documented: Fixture[] = [...Object.values(fixtures.compatible), ...Object.values(fixtures.dashscope)]

test.each(documented.filter(({ request }) => request !== undefined))(
  'the documented request $protocol/$scenario is right',
  ({ protocol, scenario, request = '' }) => {
    const service: Service = scenario.startsWith('who') ? 'text-generation' : 'multimodal-generation'
    const headers = new Headers(scenario.endsWith('stream') ? { 'x-dashscope-sse': 'enable' } : {})
    const { conversation, issues } = judge({ protocol, service, body: JSON.parse(request), headers })
    expect(issues).toEqual([])
    expect(conversation?.thinking).toBe(/who|image/.test(scenario))
  },
)

function image(url: string) {
  return { type: 'image_url', image_url: { url } }
}
const call = { id: 'call_1', type: 'function', function: { name: 'now', arguments: '{}' } }
const tool = { type: 'function', function: { name: 'now', description: 'The time.', parameters: {} } }
const answered = [
  user,
  { role: 'assistant', content: '', tool_calls: [call] },
  { role: 'tool', tool_call_id: 'call_1', content: '12:00' },
]
function urls(count: number) {
  return Array.from({ length: count }, (_, index) => `https://example.com/${index}.jpg`)
}
function say(...content: unknown[]) {
  return [{ role: 'user', content }]
}

const parameter = '400 invalid_parameter_error: '
function invalid(name: string) {
  return `Required parameter(${name}) missing or invalid, please check the request parameters.`
}

test.each<[string, object, string]>([
  ['no model', { model: undefined }, '400 invalid_request_error: you must provide a model parameter.'],
  ['no messages', { messages: undefined }, parameter + invalid('messages')],
  ['empty messages', { messages: [] }, `${parameter}[] is too short - 'messages'`],
  [
    'an unknown role',
    { messages: [{ role: 'developer', content: 'x' }] },
    `${parameter}'developer' is not one of ['system', 'assistant', 'user', 'tool', 'function'] - 'messages.0.role'`,
  ],
  [
    'a malformed message',
    { messages: ['Hi'] },
    `${parameter}Input should be a valid dictionary or instance of GPT3Message`,
  ],
  ['no content', { messages: [{ role: 'user' }] }, `${parameter}The content field is a required field.`],
  [
    'empty content',
    { messages: [{ role: 'user', content: '' }] },
    `${parameter}Role must be user or assistant and Content length must be greater than 0`,
  ],
  ['an unknown part', { messages: say({ type: 'picture' }) }, `${parameter}Invalid part type.`],
  [
    'a path instead of a URL',
    { messages: say(image('/home/a.png')) },
    `${parameter}The provided URL does not appear to be valid. Ensure it is correctly formatted.`,
  ],
  [
    'an oss:// URL without the header',
    { messages: say(image('oss://a/b.png')) },
    `${parameter}The provided URL does not appear to be valid. Ensure it is correctly formatted.`,
  ],
  [
    'a data URL that is too long',
    { messages: say(image(`data:image/png;base64,${'A'.repeat(10_485_760)}`)) },
    `${parameter}Exceeded limit on max bytes per data-uri item : 10485760`,
  ],
  [
    'max_frames',
    { messages: say({ type: 'video_url', video_url: { url: urls(1)[0] }, max_frames: 9 }) },
    parameter + invalid('max_frames'),
  ],
  ['fps below its range', { messages: say({ type: 'video', video: urls(4), fps: 0.05 }) }, parameter + invalid('fps')],
  ['fps above its range', { messages: say({ type: 'video', video: urls(4), fps: 11 }) }, parameter + invalid('fps')],
  [
    'three frames',
    { messages: say({ type: 'video', video: urls(3) }) },
    `${parameter}The video modality input does not meet the requirements because: the range of sequence images shoule be (4, 2000).`,
  ],
  [
    'an answer of a tool without its call',
    { messages: [user, { role: 'tool', tool_call_id: 'call_1', content: 'x' }] },
    `${parameter}messages with role "tool" must be a response to a preceeding message with "tool_calls".`,
  ],
  [
    'an answer of a tool without an id',
    { messages: [user, answered[1], { role: 'tool', content: 'x' }] },
    parameter + invalid('tool_call_id'),
  ],
  [
    'a call without its answer',
    { messages: [...answered.slice(0, 2), user] },
    `${parameter}An assistant message with "tool_calls" must be followed by tool messages responding to each "tool_call_id".`,
  ],
  [
    'an answer of the model at the end',
    { messages: [user, { role: 'assistant', content: 'Hi' }] },
    `${parameter}The last message must be of the role user or tool.`,
  ],
  [
    'nothing of the user',
    { messages: [{ role: 'system', content: 'x' }] },
    `${parameter}The input messages do not contain elements with the role of user.`,
  ],
  [
    'stream_options without a stream',
    { stream_options: { include_usage: true } },
    parameter + invalid('stream_options'),
  ],
  ['a stream that is a word', { stream: 'true' }, parameter + invalid('stream')],
  ['a temperature of 2', { temperature: 2 }, `${parameter}Temperature should be in [0.0, 2.0)`],
  ['a temperature that is a word', { temperature: '1' }, `${parameter}'temperature' must be Float`],
  ['a top_p of 0', { top_p: 0 }, `${parameter}Range of top_p should be (0.0, 1.0]`],
  ['a presence_penalty of 3', { presence_penalty: 3 }, `${parameter}Presence_penalty should be in [-2.0, 2.0]`],
  ['a negative seed', { seed: -1 }, `${parameter}-1 is lesser than the minimum of 0 - 'seed'`],
  ['five answers', { n: 5 }, `${parameter}Range of n should be [1, 4]`],
  ['more tokens than the model has', { max_tokens: 32_769 }, `${parameter}Range of max_tokens should be [1, 32768]`],
  [
    'a budget above that of the model',
    { enable_thinking: true, thinking_budget: 32_769 },
    `${parameter}The thinking_budget parameter must be a positive integer and not greater than 32768`,
  ],
  [
    'the switch of a model that always thinks',
    { model: 'kimi-k2-thinking', enable_thinking: true },
    '400 InvalidParameter.NotSupportEnableThinking: The model kimi-k2-thinking does not support enable_thinking.',
  ],
  [
    'the switch of a model that never thinks',
    { model: 'Moonshot-Kimi-K2-Instruct', enable_thinking: false },
    '400 InvalidParameter.NotSupportEnableThinking: The model Moonshot-Kimi-K2-Instruct does not support enable_thinking.',
  ],
  [
    'thinking off where it cannot be',
    { model: 'kimi-k2.7-code', enable_thinking: false },
    `${parameter}The value of the enable_thinking parameter is restricted to True.`,
  ],
  [
    'a forced tool while thinking',
    { enable_thinking: true, tools: [tool], tool_choice: 'required' },
    `${parameter}tool_choice is one of the strings that should be ["none","auto"]`,
  ],
  [
    'a tool called search',
    { tools: [{ ...tool, function: { ...tool.function, name: 'search' } }] },
    `${parameter}Tool names are not allowed to be [search]`,
  ],
  ['no tools at all', { tools: [] }, `${parameter}[] is too short - 'tools'`],
  [
    'JSON without the word',
    { model: 'kimi-k2-thinking', response_format: { type: 'json_object' } },
    `${parameter}'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.`,
  ],
  [
    'JSON of a model that has none',
    { response_format: { type: 'json_object' } },
    parameter + invalid('response_format'),
  ],
  [
    'search of a model that has none',
    { enable_search: true },
    `${parameter}This model does not support enable_search.`,
  ],
  [
    'tools in a system message',
    { messages: [{ role: 'system', tools: [tool] }, user] },
    `${parameter}tokenization failed`,
  ],
])('compatible: %s is refused', (_name, body, expected) => {
  expect(first(judgeCompatible(body))).toBe(expected)
})

const native = '400 InvalidParameter: '
const thinkingStream = { 'x-dashscope-sse': 'enable' } as const

test.each<[string, Parameters<typeof judgeNative>[0], string]>([
  ['the wrong service', { service: 'text-generation' }, `${native}url error, check url!`],
  ['the wrong service of a text model', { model: 'kimi-k2-thinking' }, `${native}url error, check url!`],
  [
    'an array on text-generation',
    { model: 'Moonshot-Kimi-K2-Instruct', service: 'text-generation', messages: say({ text: 'Hi' }) },
    `${native}input content must be a string.`,
  ],
  [
    'a part of no kind',
    { messages: say({ type: 'text' }) },
    `${native}The item of content should be a message of a certain modal.`,
  ],
  [
    'a part of two kinds',
    { messages: say({ text: 'Hi', image: 'https://example.com/a.png' }) },
    `${native}The item of content should be a message of a certain modal.`,
  ],
  [
    'max_frames above its range',
    { messages: say({ video: 'https://example.com/a.mp4', max_frames: 2001 }) },
    native + invalid('max_frames'),
  ],
  [
    'three frames',
    { messages: say({ video: urls(3) }) },
    `${native}The video modality input does not meet the requirements because: the range of sequence images shoule be (4, 2000).`,
  ],
  [
    'an unknown role',
    { messages: [{ role: 'developer', content: 'x' }] },
    `${native}Role must be user or assistant and Content length must be greater than 0`,
  ],
  [
    'cumulative thinking',
    { ...thinkingStream, parameters: { enable_thinking: true, incremental_output: false } },
    `${native}The incremental_output parameter must be "true" when enable_thinking is true`,
  ],
  [
    'thinking without a message to carry it',
    { model: 'kimi-k2-thinking', service: 'text-generation' },
    `${native}The result_format parameter must be "message" when enable_thinking is true`,
  ],
  [
    'tools without a message to carry them',
    { model: 'Moonshot-Kimi-K2-Instruct', service: 'text-generation', parameters: { tools: [tool] } },
    native + invalid('result_format'),
  ],
  ['a word for a flag', { parameters: { incremental_output: 'true' } }, native + invalid('incremental_output')],
])('native: %s is refused', (_name, request, expected) => {
  expect(first(judgeNative(request))).toBe(expected)
})

test.each<[Protocol, unknown, string]>([
  ['dashscope', undefined, '400 BadRequest.IllegalInput: The input parameter requires json format.'],
  [
    'dashscope',
    { input: { messages: [user] } },
    '400 BadRequest.EmptyModel: Required parameter "model" missing from request.',
  ],
  ['dashscope', { model: 'kimi-k2.5' }, '400 BadRequest.EmptyInput: Required input parameter missing from request.'],
  [
    'dashscope',
    { model: 'kimi-k2.5', input: {} },
    `${native}Either "prompt" or "messages" must exist and cannot both be none`,
  ],
  ['compatible', undefined, '400 invalid_request_error: Required body invalid, please check the request body format.'],
])('%s: an envelope like %j is refused', (protocol, body, expected) => {
  expect(first(judge({ protocol, body, headers: new Headers() }).issues)).toBe(expected)
})

test('documented requests pass', () => {
  expect(judgeCompatible({ messages: answered, tools: [tool], enable_thinking: true, tool_choice: 'auto' })).toEqual([])
  expect(judgeCompatible({ model: 'kimi-k3', tools: [tool], tool_choice: 'required' })).toEqual([])
  expect(judgeCompatible({ unheard_of: 1, stream: true, stream_options: { include_usage: true } })).toEqual([])
  expect(
    judgeCompatible({ messages: say(image('oss://a/b.png')) }, { 'x-dashscope-ossresourceresolve': 'enable' }),
  ).toEqual([])
  expect(
    judgeCompatible({ model: 'kimi-k3', messages: [user, { role: 'assistant', content: 'H', partial: true }] }),
  ).toEqual([])
  expect(judgeNative({ messages: say({ video: urls(4), fps: 0.1 }, { video: urls(1)[0], max_frames: 2000 }) })).toEqual(
    [],
  )
  expect(judgeNative({ parameters: { incremental_output: false } })).toEqual([])
  expect(judgeNative({ ...thinkingStream, parameters: { enable_thinking: true, incremental_output: true } })).toEqual(
    [],
  )
})

test('inadvisable requests get a warning and pass', () => {
  expect(judgeCompatible({ top_k: 5 })).toEqual([
    { severity: 'warning', status: 200, code: '', message: 'top_k cannot be set for this model', path: 'top_k' },
  ])
})

test('facts of other models can be added', () => {
  const issues = judge({
    protocol: 'dashscope',
    service: 'multimodal-generation',
    body: { model: 'qwen-plus', input: { messages: [user] } },
    headers: new Headers(),
    models: { 'qwen-plus': { service: 'text-generation' } },
  }).issues
  expect(first(issues)).toBe(`${native}url error, check url!`)
})
