import { expect, test } from 'vitest'

import { DualscopeError } from '../errors.ts'
import { validateRequest } from './validate.ts'

const user = { role: 'user', content: 'hi' }
const video = 'https://example.com/a.mp4'

function complaint(request: object): string | undefined {
  try {
    // A caller without types can pass anything.
    validateRequest({ model: 'm', messages: [user], ...request } as never)
    return undefined
  } catch (error) {
    if (!(error instanceof DualscopeError) || error.code !== 'validation') throw error
    return error.message
  }
}

test.each([
  [{ messages: [] }, 'messages: must not be empty'],
  [{ messages: undefined }, 'messages: missing'],
  [
    { messages: [{ role: 'human', content: 'hi' }] },
    'messages[0].role: must be "system" or "user" or "assistant" or "tool", got "human"',
  ],
  [{ messages: [{ role: 'user', content: '' }] }, 'messages[0].content: must not be empty'],
  [{ messages: [{ role: 'user', content: [] }] }, 'messages[0].content: must not be empty'],
  [{ messages: [{ role: 'user', content: 5 }] }, 'messages[0].content: must be a string or an array, got 5'],
  [
    { messages: [{ role: 'user', content: [{ type: 'audio' }] }] },
    'messages[0].content[0].type: must be "text" or "image" or "video" or "frames", got "audio"',
  ],
  [
    {
      messages: [
        user,
        user,
        {
          role: 'user',
          content: [
            { type: 'text', text: 'a' },
            { type: 'video', video, fps: 12 },
          ],
        },
      ],
    },
    'messages[2].content[1].fps: must be at most 10, got 12',
  ],
  [
    { messages: [{ role: 'user', content: [{ type: 'frames', frames: ['https://a.b'] }] }] },
    'messages[0].content[0].frames: must be at least 4 items long, got a list of 1',
  ],
  [
    { messages: [user, { role: 'assistant', content: 'a' }] },
    'messages[1]: the last message must be one of the user or of a tool, not of the assistant; set partial: true to have the model continue it',
  ],
  [{ enable_thinking: true }, 'enable_thinking: unknown; use thinking: true or false'],
  [{ response_format: { type: 'json_object' } }, 'response_format: unknown; use output'],
  [{ stream: true }, 'stream: unknown; call client.stream() instead'],
  [{ messages: [{ ...user, contents: 'x' }] }, 'messages[0].contents: unknown; did you mean content?'],
  [{ temperature: 2 }, 'temperature: must be below 2, got 2'],
  [{ temperature: '1' }, 'temperature: must be a number, got "1"'],
  [{ topP: 0 }, 'topP: must be over 0, got 0'],
  [{ maxTokens: 1.5 }, 'maxTokens: must be a whole number, got 1.5'],
  [{ seed: 2 ** 31 }, 'seed: must be at most 2147483647, got 2147483648'],
  [{ stop: 4 }, 'stop: must be a string or an array, got 4'],
  [{ thinking: { effort: 'medium' } }, 'thinking.effort: must be "low" or "high" or "max", got "medium"'],
  [{ thinking: { budget: 0 } }, 'thinking.budget: must be at least 1, got 0'],
  [{ top_p: 1 }, 'top_p: unknown; did you mean topP?'],
  [{ maxtoken: 1 }, 'maxtoken: unknown; did you mean maxTokens?'],
  [{ n: 2 }, 'n: unknown; pass what the service takes beyond this library in extra'],
  [{ thinking: new Map() }, 'thinking: must be a boolean or an object of options, got an object of class Map'],
  [{ thinking: Promise.resolve(true) }, 'thinking: must be a boolean or an object of options, got a promise; await it'],
  [{ search: new Date(0) }, 'search: must be a boolean or an object of options, got an object of class Date'],
  [
    { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
    'messages[0].content: must be parts that are not all empty texts, got a list of 1',
  ],
  [{ messages: [{ role: 'system', content: 'Be brief.' }] }, 'messages: must hold a message of the user'],
])('%j is refused with the place, the limit and the value', (request, message) => {
  expect(complaint(request)).toBe(message)
})

const call = { role: 'assistant', content: '', toolCalls: [{ id: 'a', name: 'now', arguments: '{}' }] }

test('a tool message needs its call in the assistant message before it', () => {
  const answer = { role: 'tool', toolCallId: 'a', content: '12:00' }
  expect(complaint({ messages: [user, call, answer] })).toBeUndefined()
  expect(complaint({ messages: [user, answer] })).toMatch(/^messages\[1\]\.toolCallId: .*calls no "a"/)
  expect(complaint({ messages: [user, call, user, answer] })).toMatch(
    /^messages\[1\]\.toolCalls: the call "a" has no result/,
  )
})

test.each([
  ['a bigint', { a: [1, 2n] }, 'extra.a[1]: cannot be written as JSON, got a bigint'],
  ['a function', { a: () => 1 }, 'extra.a: cannot be written as JSON, got a function'],
  ['not a number', { a: NaN }, 'extra.a: must be a finite number, got NaN'],
  ['a Map', { a: new Map([[1, 2]]) }, 'extra.a: cannot be written as JSON, got an object of class Map'],
  ['bytes', { a: new Uint8Array(2) }, 'extra.a: cannot be written as JSON, got an object of class Uint8Array'],
  ['its own way to write itself', { toJSON: () => 5 }, 'extra.toJSON: cannot be written as JSON, got a function'],
])('extra with %s is refused at its place', (_, extra, message) => {
  expect(complaint({ extra })).toBe(message)
})

test('a circle in extra is found at its place', () => {
  const circle: Record<string, unknown> = {}
  circle['inner'] = circle
  expect(complaint({ extra: { circle } })).toMatch(
    /^extra\.circle\.inner\..*: nests deeper than 200 levels, or in a circle$/,
  )
})

test('what JSON leaves out or writes by itself may be in extra', () => {
  class Size {
    width = 1
  }
  const extra = { a: undefined, b: null, c: new Date(0), d: new Size(), e: Object.create(null) as object, f: {} }
  expect(complaint({ extra })).toBeUndefined()
})

test('a message shows what is wrong without repeating megabytes of it', () => {
  const huge = 'x'.repeat(1_000_000)
  const requests = [
    { [huge]: 1 },
    { tools: tools(huge) },
    { tools: tools('a'), toolChoice: { name: huge } },
    { tools: tools(...Array.from({ length: 3_000 }, (_, index) => `tool_${index}`)), toolChoice: { name: 'a' } },
    { messages: [user, { role: 'tool', toolCallId: huge, content: 'a' }] },
    { messages: [user, { ...call, toolCalls: [{ id: huge, name: 'now', arguments: '{}' }] }, user] },
    { temperature: Object.assign(() => 1, { toString: () => huge }) },
  ]
  for (const request of requests) expect(complaint(request)?.length).toBeLessThan(800)
})

test('each call needs one result, also where several have the same id', () => {
  const answer = { role: 'tool', toolCallId: 'a', content: '12:00' }
  const twice = { ...call, toolCalls: [...call.toolCalls, ...call.toolCalls] }
  expect(complaint({ messages: [user, twice, answer, answer] })).toBeUndefined()
  expect(complaint({ messages: [user, twice, answer] })).toMatch(
    /^messages\[1\]\.toolCalls: the call "a" has no result/,
  )
  expect(complaint({ messages: [user, call, answer, answer] })).toBe(
    'messages[3].toolCallId: the call "a" already has a result',
  )
})

test('the assistant has the last word only in partial mode', () => {
  expect(complaint({ messages: [user, { role: 'assistant', content: 'I' }] })).toMatch(
    /^messages\[1\]: the last message/,
  )
  expect(complaint({ messages: [user, { role: 'assistant', content: 'I', partial: true }] })).toBeUndefined()
})

test('a request has at most four cache marks, and the error names the fifth', () => {
  const part = { type: 'text', text: 'a', cache: true }
  const system = { role: 'system', content: [part, { ...part, cache: false }, part] }
  const marked = (count: number) => [system, { role: 'user', content: Array.from({ length: count }, () => part) }]
  expect(complaint({ messages: marked(2) })).toBeUndefined()
  expect(complaint({ messages: marked(3) })).toMatch(/^messages\[1\]\.content\[2\]\.cache: .* at most 4 marks, got 5; /)
})

test('undefined means absent', () => {
  expect(complaint({ thinking: undefined, extra: undefined, tools: undefined })).toBeUndefined()
})

function tools(...names: string[]) {
  return names.map((name) => ({ name, description: name }))
}

test.each([
  [{ tools: tools('now', 'get weather') }, 'tools[1].name: must be 1 to 64 of A-Z a-z 0-9 _ -, got "get weather"'],
  [{ tools: tools('') }, 'tools[0].name: must be 1 to 64 of A-Z a-z 0-9 _ -, got ""'],
  [{ tools: tools('天气') }, 'tools[0].name: must be 1 to 64 of A-Z a-z 0-9 _ -, got "天气"'],
  [{ tools: tools('search') }, 'tools[0].name: the service refuses "search"; use another name'],
  [{ tools: tools('a', 'b', 'a') }, 'tools[2].name: "a" is also the name of tools[0]'],
  [{ tools: tools('a', 'b'), toolChoice: { name: 'c' } }, 'toolChoice.name: unknown tool "c"; available: a, b'],
  [{ toolChoice: { name: 'c' } }, 'toolChoice.name: unknown tool "c"; available: none'],
  [{ toolChoice: 'required' }, 'toolChoice: "required" needs tools to choose from'],
] as const)('tools are checked before sending: %j is invalid', (request, message) => {
  expect(() => validateRequest({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...request })).toThrow(
    expect.objectContaining({ code: 'validation', message }),
  )
})

test.each([
  {},
  { tools: tools('a', 'A', 'get_the-weather_2', 'x'.repeat(64), 'web_search') },
  { tools: [], toolChoice: 'none' },
  { tools: tools('a'), toolChoice: 'required' },
  { tools: tools('a'), toolChoice: { name: 'a' } },
] as const)('tools are checked before sending: %j is valid', (request) => {
  expect(() => validateRequest({ model: 'm', messages: [{ role: 'user', content: 'hi' }], ...request })).not.toThrow()
})

test('bytes, URLs and extra are copied, so that what changes later changes nothing', async () => {
  const bytes = new Uint8Array([1, 2, 3])
  const buffer = new ArrayBuffer(3)
  const url = new URL('https://example.com/a.png')
  const extra = { tags: ['a'] }
  const images = [bytes, buffer, url].map((image) => ({ type: 'image' as const, image }))
  const request = validateRequest({ model: 'm', messages: [{ role: 'user', content: images }], extra })
  bytes.fill(9)
  new Uint8Array(buffer).fill(9)
  url.pathname = '/b.png'
  extra.tags.push('b')
  const sent = new Blob([new Uint8Array([1, 2, 3])])
  expect(request.messages[0]?.content).toEqual(
    [sent, new Blob([new Uint8Array(3)]), 'https://example.com/a.png'].map((image) => ({ type: 'image', image })),
  )
  const [first] = request.messages[0]?.content ?? []
  const copy = typeof first === 'object' && first.type === 'image' && first.image instanceof Blob ? first.image : sent
  expect(copy).not.toBe(sent)
  expect(await copy.bytes()).toEqual(new Uint8Array([1, 2, 3]))
  expect(request.extra).toEqual({ tags: ['a'] })
})

test('bytes that were moved elsewhere are as empty as they say', () => {
  const image = new ArrayBuffer(8)
  structuredClone(image, { transfer: [image] })
  const request = validateRequest({ model: 'm', messages: [{ role: 'user', content: [{ type: 'image', image }] }] })
  expect(request.messages[0]?.content).toEqual([{ type: 'image', image: new Blob([]) }])
})
