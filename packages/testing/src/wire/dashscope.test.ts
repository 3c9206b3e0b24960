import { expect, test } from 'vitest'

import { fixtures } from '../fixtures/fixtures.ts'
import { prepareAnswer } from '../mock/prepare-answer.ts'
import type { AnswerScenario } from '../mock/scenario.ts'
import type { Conversation } from '../rules/conversation.ts'
import { type DashscopeShape, errorFrameDashscope, respondDashscope, streamDashscope } from './dashscope.ts'

const conversation: Conversation = {
  protocol: 'dashscope',
  service: undefined,
  model: 'kimi-k2-thinking',
  stream: true,
  turns: [],
  options: {},
  thinking: false,
  includeUsage: true,
  incremental: true,
  resultFormat: 'message',
}
const text: DashscopeShape = { service: 'text-generation', resultFormat: 'message' }
const multimodal: DashscopeShape = { service: 'multimodal-generation', resultFormat: 'message' }
function prepare(scenario: AnswerScenario) {
  return prepareAnswer(scenario, conversation, 'abc')
}
const usage = { inputTokens: 16, outputTokens: 53, totalTokens: 69, reasoningTokens: 10 }
// A record may leave frames out: those that are in it have other numbers.
function renumber(frame: string) {
  return frame.replace(/^id:\d+/, 'id:n').replace(/"usage":\{.*?\}\}/, '"usage":{}')
}
function lines(stream: string) {
  return [...stream.matchAll(/^data:(.*)$/gm)].map(([, data = '']) => JSON.parse(data))
}
function choices(stream: string) {
  return lines(stream).map(({ output }) => output.choices[0])
}

test('a stream of text-generation is framed byte by byte as recorded', () => {
  const id = 'ab9f3446-9bbf-963e-9754-2d6543343d7e'
  const frames = streamDashscope(prepare({ reasoning: ['嗯'], text: ['1+1'], usage, id }), text, true)
  const recorded = fixtures.dashscope['text-thinking'].stream
  expect(frames.map(renumber).join('')).toBe(
    recorded
      .split(/(?<=\n\n)/)
      .map(renumber)
      .join(''),
  )
  expect(frames[0]).toMatch(/^id:1\nevent:result\n:HTTP_STATUS\/200\ndata:\{/)
  expect(frames.at(-1)).toBe(
    `id:3\nevent:result\n:HTTP_STATUS/200\ndata:{"output":{"choices":[{"message":{"content":"","reasoning_content":"","role":"assistant"},"finish_reason":"stop"}]},"usage":{"total_tokens":69,"output_tokens":53,"input_tokens":16,"output_tokens_details":{"reasoning_tokens":10}},"request_id":"${id}"}\n\n`,
  )
})

test('a stream of multimodal-generation has the recorded choices, and text in the last frame', () => {
  const scenario = { reasoning: ['用户'], text: ['只有我们和治愈的暖阳，这就是最', '完美的周末。'] }
  const ours = streamDashscope(prepare(scenario), multimodal, true).join('')
  expect(choices(ours)).toEqual(choices(fixtures.dashscope['multimodal-thinking'].stream))
})

test('usage grows from frame to frame, and is complete in the last', () => {
  const frames = lines(
    streamDashscope(prepare({ reasoning: ['a', 'b'], text: ['c', 'd'], usage }), text, true).join(''),
  )
  const told = frames.map((frame) => frame.usage.output_tokens)
  expect(told).toEqual(told.toSorted((a, b) => a - b))
  expect(told.at(-1)).toBe(53)
  expect(frames[1].usage.output_tokens_details.reasoning_tokens).toBe(10)
})

test('the frame that finishes with tool calls carries the last piece of them', () => {
  const scenario: AnswerScenario = { toolCalls: [{ id: 'call_1', name: 'now', arguments: ['{"zone": ', '"UTC"}'] }] }
  expect(choices(streamDashscope(prepare(scenario), multimodal, true).join(''))).toEqual([
    {
      message: {
        content: [],
        tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: { name: 'now', arguments: '{"zone": ' } }],
        role: 'assistant',
      },
      finish_reason: 'null',
    },
    {
      message: {
        content: [],
        tool_calls: [{ index: 0, id: '', type: 'function', function: { arguments: '"UTC"}' } }],
        role: 'assistant',
      },
      finish_reason: 'tool_calls',
    },
  ])
})

test('each frame of a cumulative stream repeats the answer so far', () => {
  const ours = streamDashscope(prepare({ text: ['I', ' like', ' apple.'] }), multimodal, false).join('')
  const contents = choices(ours).map(({ message }) => message.content[0].text)
  const documented = choices(fixtures.dashscope.cumulative.stream).map(({ message }) => message.content)
  expect(contents).toEqual(documented)
})

test('result_format text puts the answer into output.text', () => {
  const shape: DashscopeShape = { service: 'text-generation', resultFormat: 'text' }
  expect(respondDashscope(prepare({ text: '1+1等于2。' }), shape)).toMatchObject({
    output: { finish_reason: 'stop', text: '1+1等于2。' },
    request_id: 'abc',
  })
  const outputs = lines(streamDashscope(prepare({ text: ['1+', '1等于', '2。'] }), shape, true).join('')).map(
    ({ output }) => output,
  )
  expect(outputs.slice(0, 3)).toEqual([
    { finish_reason: 'null', text: '1+' },
    { finish_reason: 'null', text: '1等于' },
    { finish_reason: 'null', text: '2。' },
  ])
})

test('search results come in the first frame, and an empty list in the later ones', () => {
  const sources = [{ title: 'Kimi', url: 'https://example.com', siteName: 'Example', index: 1 }]
  const frames = lines(streamDashscope(prepare({ text: ['a', 'b'], sources }), text, true).join(''))
  expect(frames.map(({ output }) => output.search_info.search_results)).toEqual([
    [{ site_name: 'Example', index: 1, title: 'Kimi', url: 'https://example.com' }],
    [],
    [],
  ])
})

test('an error inside the stream is the recorded one', () => {
  expect(
    errorFrameDashscope(
      {
        status: 400,
        code: 'InvalidParameter',
        message: 'Role must be user or assistant and Content length must be greater than 0',
        requestId: '7671ecd8-93cc-9ee9-bc89-739f0fd8b809',
      },
      1,
    ),
  ).toBe(fixtures.dashscope['invalid-role'].stream)
})

test('whole answers have the keys of the documented and recorded ones', () => {
  const documented = JSON.parse(fixtures.dashscope['who-are-you'].response)
  const { content, reasoning_content: reasoning } = documented.output.choices[0].message
  const said = { text: content, reasoning, usage: { inputTokens: 9, outputTokens: 156, totalTokens: 165 } }
  const ours = respondDashscope(prepare({ ...said, id: documented.request_id }), text)
  expect(JSON.parse(JSON.stringify(ours))).toEqual(documented)
  expect(respondDashscope(prepare({ text: '海滩。' }), multimodal)).toMatchObject({
    output: JSON.parse(fixtures.dashscope.multimodal.response).output,
  })
})
