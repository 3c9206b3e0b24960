import { expect, test } from 'vitest'

import { fixtures } from '../fixtures/fixtures.ts'
import { prepareAnswer } from '../mock/prepare-answer.ts'
import type { AnswerScenario } from '../mock/scenario.ts'
import type { Conversation } from '../rules/conversation.ts'
import { errorFrameCompatible, respondCompatible, streamCompatible } from './compatible.ts'

const conversation: Conversation = {
  protocol: 'compatible',
  service: undefined,
  model: 'kimi-k2-thinking',
  stream: true,
  turns: [],
  options: {},
  thinking: false,
  includeUsage: true,
  incremental: undefined,
  resultFormat: undefined,
}
function prepare(scenario: AnswerScenario) {
  return prepareAnswer(scenario, conversation, 'abc')
}
function parse(stream: string) {
  return [...stream.matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) => ({ ...JSON.parse(data), created: 0 }))
}
function choices(stream: string) {
  return parse(stream).flatMap((chunk) => chunk.choices)
}
const tail =
  ',"index":0,"logprobs":null}],"object":"chat.completion.chunk","usage":null,"created":1770000000,"system_fingerprint":null,"model":"kimi-k2-thinking","id":"chatcmpl-abc"}\n\n'

test('a stream is framed byte by byte as documented', () => {
  const usage = { inputTokens: 22, outputTokens: 17, totalTokens: 39, reasoningTokens: 4 }
  expect(streamCompatible(prepare({ reasoning: ['嗯'], text: ['我', '是'], usage }), true)).toEqual([
    `data: {"choices":[{"delta":{"content":"","role":"assistant"},"finish_reason":null${tail}`,
    `data: {"choices":[{"delta":{"content":null,"reasoning_content":"嗯","role":"assistant"},"finish_reason":null${tail}`,
    `data: {"choices":[{"delta":{"content":"我","reasoning_content":null},"finish_reason":null${tail}`,
    `data: {"choices":[{"delta":{"content":"是","reasoning_content":null},"finish_reason":null${tail}`,
    `data: {"choices":[{"delta":{},"finish_reason":"stop"${tail}`,
    'data: {"choices":[],"object":"chat.completion.chunk","usage":{"prompt_tokens":22,"completion_tokens":17,"total_tokens":39,"completion_tokens_details":{"reasoning_tokens":4}},"created":1770000000,"system_fingerprint":null,"model":"kimi-k2-thinking","id":"chatcmpl-abc"}\n\n',
    'data: [DONE]\n\n',
  ])
})

test('a stream has the keys and the order of the documented one', () => {
  const usage = { inputTokens: 22, outputTokens: 17, totalTokens: 39 }
  const scenario = { text: ['我是'], usage, id: 'chatcmpl-3bb05cf5cd819fbca5f0b8d67a025022', model: 'qwen-plus' }
  const documented = parse(fixtures.compatible.text.stream)
  // The documented finish chunk has an empty content where the recorded ones have nothing.
  documented[2].choices[0].delta = {}
  expect(parse(streamCompatible(prepare(scenario), true).join(''))).toEqual(documented)
})

test('pieces of a tool call are the recorded ones: an empty id and no name after the first', () => {
  const scenario: AnswerScenario = {
    toolCalls: [
      { id: 'call_eee0c4b1a2f74d6e9b3c5d81', name: 'weather', arguments: ['', '{"location": "San', ' Francisco"}'] },
    ],
  }
  const ours = choices(streamCompatible(prepare(scenario), false).join(''))
  const recorded = choices(fixtures.compatible['tool-call'].stream)
  // One recorded chunk leaves out what is null.
  Object.assign(recorded[2], { finish_reason: null, logprobs: null })
  expect(ours.slice(1)).toEqual(recorded)
})

test('usage is left out unless requested, and a missing finish reason too', () => {
  const frames = streamCompatible(prepare({ text: 'Hi', finishReason: null }), false)
  expect(frames).toHaveLength(3)
  expect(frames.join('')).not.toMatch(/prompt_tokens|"stop"/)
})

test('an error inside the stream is the reported one', () => {
  expect(
    errorFrameCompatible({
      status: 400,
      code: 'data_inspection_failed',
      message: 'Input text data may contain inappropriate content.',
      requestId: '',
    }),
  ).toBe(
    'data: {"error":{"code":"data_inspection_failed","param":null,"message":"Input text data may contain inappropriate content.","type":"data_inspection_failed"}}\n\n',
  )
  expect(fixtures.compatible['data-inspection'].stream).toContain('"type":"data_inspection_failed"')
})

test('a whole answer has the keys of the documented one', () => {
  const documented = JSON.parse(fixtures.compatible['who-are-you'].response)
  const { content, reasoning_content: reasoning } = documented.choices[0].message
  const usage = { inputTokens: 8, outputTokens: 183, totalTokens: 191 }
  const ours = respondCompatible(prepare({ text: content, reasoning, usage, id: documented.id }))
  expect({ ...JSON.parse(JSON.stringify(ours)), created: documented.created }).toEqual(documented)
})
