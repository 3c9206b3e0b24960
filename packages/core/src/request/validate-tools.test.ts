import { expect, test } from 'vitest'

import { validateTools } from './validate-tools.ts'

const tools = (...names: string[]) => names.map((name) => ({ name, description: name }))

test.each([
  [{ tools: tools('now', 'get weather') }, 'tools[1].name: must be 1 to 64 of A-Z a-z 0-9 _ -, got "get weather"'],
  [{ tools: tools('') }, 'tools[0].name: must be 1 to 64 of A-Z a-z 0-9 _ -, got ""'],
  [{ tools: tools('天气') }, 'tools[0].name: must be 1 to 64 of A-Z a-z 0-9 _ -, got "天气"'],
  [{ tools: tools('search') }, 'tools[0].name: the service refuses "search"; take another name'],
  [{ tools: tools('a', 'b', 'a') }, 'tools[2].name: "a" is also the name of tools[0]'],
  [{ tools: tools('a', 'b'), toolChoice: { name: 'c' } }, 'toolChoice.name: there is no tool "c"; there is a, b'],
  [{ toolChoice: { name: 'c' } }, 'toolChoice.name: there is no tool "c"; there is none'],
  [{ toolChoice: 'required' }, 'toolChoice: "required" needs tools to choose from'],
] as const)('%j is refused', (request, message) => {
  expect(() => validateTools({ messages: [], ...request })).toThrow(
    expect.objectContaining({ code: 'validation', message }),
  )
})

test.each([
  {},
  { tools: tools('a', 'A', 'get_the-weather_2', 'x'.repeat(64), 'web_search') },
  { tools: [], toolChoice: 'none' },
  { tools: tools('a'), toolChoice: 'required' },
  { tools: tools('a'), toolChoice: { name: 'a' } },
] as const)('%j is fine', (request) => {
  expect(() => validateTools({ messages: [], ...request })).not.toThrow()
})
