import { createMock } from '@dualscope/testing'
import { listen, type ListeningMock } from '@dualscope/testing/server'
import { HumanMessage, ToolMessage } from '@langchain/core/messages'
import { tool } from '@langchain/core/tools'
import { ChatOpenAI } from '@langchain/openai'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

const mock = createMock({ apiKey: 'sk-test' })
let server: ListeningMock
let model: ChatOpenAI

beforeAll(async () => {
  server = await listen(mock)
  const configuration = { baseURL: `${server.url}/compatible-mode/v1` }
  model = new ChatOpenAI({ apiKey: 'sk-test', model: 'kimi-k2.5', configuration, maxRetries: 0 })
})
afterEach(() => {
  const issues = mock.requests.flatMap((request) => request.issues).filter(({ severity }) => severity === 'error')
  mock.reset()
  if (issues.length > 0) throw new Error(`The mock objects: ${JSON.stringify(issues)}`)
})
afterAll(() => server.close())

test('LangChain chats and streams with the mock', async () => {
  expect((await model.invoke('Who are you?')).text).toBe('You said: Who are you?')
  mock.use({ text: ['I am ', 'Kimi 👋.'] })
  let text = ''
  for await (const chunk of await model.stream('Who are you?')) text += chunk.text
  expect(text).toBe('I am Kimi 👋.')
})

test('LangChain calls tools through the mock, and sends their results back', async () => {
  const weather = tool(async ({ city }) => `Sunny in ${city}`, {
    name: 'weather',
    description: 'The weather of a city',
    schema: z.object({ city: z.string() }),
  })
  mock.use([{ toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Rome"}' }] }, { text: 'Sunny.' }])
  const bound = model.bindTools([weather])
  const question = new HumanMessage('Weather in Rome?')
  const asking = await bound.invoke([question])
  expect(asking.tool_calls).toMatchObject([{ name: 'weather', args: { city: 'Rome' } }])
  const result = new ToolMessage({ tool_call_id: 'call_1', content: await weather.invoke({ city: 'Rome' }) })
  expect((await bound.invoke([question, asking, result])).text).toBe('Sunny.')
})
