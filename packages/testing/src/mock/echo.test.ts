import { expect, test } from 'vitest'

import type { Conversation, Turn } from '../rules/conversation.ts'
import { echo } from './echo.ts'

const turn: Turn = {
  role: 'user',
  text: 'Hi',
  content: 'string',
  reasoning: undefined,
  cacheMarks: 0,
  media: [],
  toolCalls: [],
  toolCallId: undefined,
  partial: false,
  bringsTools: false,
}
function ask(options: Conversation['options'] = {}, last: Partial<Turn> = {}, thinking = false) {
  return echo({
    protocol: 'compatible',
    service: undefined,
    model: 'kimi-k2.5',
    stream: false,
    turns: [{ ...turn, ...last }],
    options,
    thinking,
    includeUsage: false,
    incremental: undefined,
    resultFormat: undefined,
  })
}
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 }, unit: { enum: ['C', 'F'] } },
}
const tools = [{ type: 'function' as const, function: { name: 'weather', description: 'The weather.', parameters } }]

test('the echo repeats the prompt, and thinks if thinking is on', () => {
  expect(ask()).toEqual({ reasoning: undefined, text: 'You said: Hi', finishReason: 'stop' })
  expect(ask({}, {}, true)).toMatchObject({ reasoning: 'The user says: Hi', text: 'You said: Hi' })
})

test('the echo calls the tool that the user names, with valid arguments', () => {
  expect(ask({ tools })).toMatchObject({ text: 'You said: Hi' })
  expect(ask({ tools }, { text: 'Ask weather' }).toolCalls).toEqual([
    { name: 'weather', arguments: '{"city":"Ask weather","days":3,"unit":"C"}' },
  ])
  expect(ask({ tools, tool_choice: 'none' }, { text: 'Ask weather' }).toolCalls).toBeUndefined()
  expect(ask({ tools, tool_choice: { type: 'function', function: { name: 'weather' } } }).toolCalls).toHaveLength(1)
  expect(ask({ tools }, { role: 'tool', text: 'Sunny, said weather' }).text).toBe('The tool said: Sunny, said weather')
})

test('the echo lists the media', () => {
  const media: Turn['media'] = [
    { type: 'image', url: 'https://example.com/1.png' },
    { type: 'image', url: 'https://example.com/2.png' },
    { type: 'video', url: 'https://example.com/3.mp4', fps: 2, maxFrames: 100 },
    { type: 'frames', urls: ['1', '2', '3', '4'], fps: 0.5 },
  ]
  expect(ask({}, { media }).text).toBe(
    'You said: Hi\nI see 2 images, 1 video at 2 fps with at most 100 frames, a video of 4 frames at 0.5 fps.',
  )
})

test('the echo stops at the token limit, with four characters for each token', () => {
  expect(ask({ max_tokens: 2 })).toMatchObject({ text: 'You said', finishReason: 'length' })
  expect(ask({ max_tokens: 1 }, { text: 'x' }, true)).toMatchObject({ reasoning: 'The user says: x', text: 'You ' })
  expect(ask({ max_completion_tokens: 2 }, {}, true)).toEqual({
    reasoning: 'The user',
    text: '',
    finishReason: 'length',
  })
})

test('the echo answers with JSON if the request wants JSON', () => {
  expect(ask({ response_format: { type: 'json_object' } }).text).toBe('{"answer":"Hi"}')
  const schema = { type: 'object', properties: { names: { type: 'array', items: { type: 'string' } } } }
  expect(ask({ response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } }).text).toBe(
    '{"names":["Hi"]}',
  )
})

test.each<[Conversation['options'], string, string]>([
  [
    {},
    `Be brief.\n\nIt must match this JSON Schema:\n${JSON.stringify(parameters)}`,
    '{"city":"Hi","days":3,"unit":"C"}',
  ],
  [
    { response_format: { type: 'json_object' } },
    `It must match this JSON Schema:\n${JSON.stringify(parameters)}`,
    '{"city":"Hi","days":3,"unit":"C"}',
  ],
  [{ response_format: { type: 'json_object' } }, 'Speak JSON.', '{"answer":"Hi"}'],
  [{}, 'Answer with JSON alone, without any text around it.', '{"answer":"Hi"}'],
])('with the options %j the echo answers the instruction %j with JSON', (options, text, expected) => {
  const instruction = { ...turn, role: 'system' as const, text }
  const conversation = {
    protocol: 'compatible' as const,
    service: undefined,
    model: 'kimi-k2.5',
    stream: false,
    turns: [instruction, turn],
    options,
    thinking: false,
    includeUsage: false,
    incremental: undefined,
    resultFormat: undefined,
  }
  expect(echo(conversation).text).toBe(expected)
})

test('the echo reads a long instruction in linear time', () => {
  const text = 'JSON Schema:{ '.repeat(60_000)
  const conversation = {
    protocol: 'compatible' as const,
    service: undefined,
    model: 'kimi-k2.5',
    stream: false,
    turns: [{ ...turn, role: 'system' as const, text }, turn],
    options: {},
    thinking: false,
    includeUsage: false,
    incremental: undefined,
    resultFormat: undefined,
  }
  expect(echo(conversation).text).toBe('You said: Hi')
}, 5000)
