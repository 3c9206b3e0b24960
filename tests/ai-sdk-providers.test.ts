// The behaviour of the AI SDK's own providers for Model Studio and Moonshot with the same calls: the table in the README of
// `@dualscope/ai-sdk`. All three send to the mock, over the compatible protocol.
import { createAlibaba } from '@ai-sdk/alibaba'
import { createMoonshotAI } from '@ai-sdk/moonshotai'
import { createDualscope } from '@dualscope/ai-sdk'
import { createMock, faults, fixtures, replay, type Scenario } from '@dualscope/testing'
import { generateText, Output, streamText, type LanguageModel, type ModelMessage } from 'ai'
import { beforeAll, expect, test } from 'vitest'
import * as z from 'zod'

beforeAll(() => {
  globalThis.AI_SDK_LOG_WARNINGS = false
})

const mock = createMock({ strict: false })
const options = { apiKey: 'sk-test', fetch: mock.fetch }
const baseURL = 'https://dashscope.aliyuncs.com/compatible-mode/v1'
const models: Readonly<Record<string, LanguageModel>> = {
  alibaba: createAlibaba({ ...options, baseURL })('kimi-k2.5'),
  moonshotai: createMoonshotAI({ ...options, baseURL })('kimi-k2.5'),
  dualscope: createDualscope(options)('kimi-k2.5'),
}

/** Runs the same call over each provider; what it throws is an outcome too. */
async function compare(run: (model: LanguageModel) => Promise<string>): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {}
  for (const [name, model] of Object.entries(models)) {
    mock.reset()
    outcomes[name] = await run(model).catch((error: unknown) => `throws ${nameOf(error)}`)
  }
  return outcomes
}

function nameOf(error: unknown): string {
  const { name, statusCode } = error as { name: string; statusCode?: number }
  return statusCode === undefined ? name : `${name} ${statusCode}`
}

/** Streams an answer, and tells its texts, its errors and its end. */
function streaming(scenario: Scenario) {
  return async (model: LanguageModel) => {
    mock.use(scenario)
    const seen: string[] = []
    for await (const part of streamText({ model, prompt: 'Hi', maxRetries: 0, onError: () => undefined }).stream) {
      if (part.type === 'text-delta') seen.push(JSON.stringify(part.text))
      if (part.type === 'error') seen.push(nameOf(part.error))
      if (part.type === 'finish') seen.push(part.finishReason)
    }
    return seen.join(', ')
  }
}

/** Sends messages, and tells which of the texts the request holds and what the service would say of it. */
function sending(messages: ModelMessage[], ...texts: string[]) {
  return async (model: LanguageModel) => {
    await generateText({ model, messages, maxRetries: 0, experimental_download: downloadNothing })
    const chat = mock.requests.find(({ endpoint }) => endpoint === 'chat')
    const body = JSON.stringify(chat?.body)
    return [
      ...texts.filter((text) => body.includes(text)),
      ...(chat?.issues.map(({ message }) => message) ?? []),
    ].join()
  }
}

async function downloadNothing(files: { url: URL; isUrlSupportedByModel: boolean }[]) {
  const data = new TextEncoder().encode('downloaded')
  return files.map(({ isUrlSupportedByModel }) => (isUrlSupportedByModel ? null : { data, mediaType: undefined }))
}

function user(...files: { mediaType: string; data: URL | Uint8Array }[]): ModelMessage[] {
  const content = files.map((file) => ({ type: 'file' as const, ...file }))
  return [{ role: 'user', content: [...content, { type: 'text', text: 'What?' }] }]
}

const texts = ['one', 'two', 'three', 'four']

test('a stream that ends early finishes as interrupted', async () => {
  expect(await compare(streaming({ text: texts, fault: faults.end({ text: 2 }) }))).toMatchInlineSnapshot(`
    {
      "alibaba": ""one", "two", other",
      "dualscope": ""one", "two", interrupted",
      "moonshotai": ""one", "two", other",
    }
  `)
})

test('a connection that breaks is an error behind the text', async () => {
  expect(await compare(streaming({ text: texts, fault: faults.reset({ text: 2 }) }))).toMatchInlineSnapshot(`
    {
      "alibaba": "throws AI_APICallError 200",
      "dualscope": ""one", "two", AI_APICallError 200, error",
      "moonshotai": "throws AI_APICallError 200",
    }
  `)
})

test('an error inside a stream has its status', async () => {
  expect(await compare(streaming({ text: texts, fault: faults.errorFrame({ text: 1 }) }))).toMatchInlineSnapshot(`
    {
      "alibaba": ""one", AI_TypeValidationError, other",
      "dualscope": ""one", AI_APICallError 400, error",
      "moonshotai": ""one", AI_StreamProviderError, error",
    }
  `)
})

test('a stream that begins with an error is an error of the call', async () => {
  expect(await compare(streaming(replay(fixtures.compatible['data-inspection'])))).toMatchInlineSnapshot(`
    {
      "alibaba": "AI_TypeValidationError, other",
      "dualscope": "AI_APICallError 400",
      "moonshotai": "AI_StreamProviderError, error",
    }
  `)
})

test('an emoji that two frames share comes whole', async () => {
  expect(await compare(streaming({ text: ['a\uD83D', '\uDC4Bb'] }))).toMatchInlineSnapshot(`
    {
      "alibaba": ""a\\ud83d", "\\udc4bb", stop",
      "dualscope": ""a", "👋b", stop",
      "moonshotai": ""a\\ud83d", "\\udc4bb", stop",
    }
  `)
})

test('a video is sent, by its URL', async () => {
  const messages = user({ mediaType: 'video/mp4', data: new URL('https://example.com/a.mp4') })
  expect(await compare(sending(messages, 'https://example.com/a.mp4', btoa('downloaded')))).toMatchInlineSnapshot(`
    {
      "alibaba": "throws AI_UnsupportedFunctionalityError",
      "dualscope": "https://example.com/a.mp4",
      "moonshotai": "ZG93bmxvYWRlZA==",
    }
  `)
})

test('an image over the inline limit is uploaded', async () => {
  const messages = user({ mediaType: 'image/png', data: new Uint8Array(9_000_000) })
  expect(await compare(sending(messages, 'oss://'))).toMatchInlineSnapshot(`
    {
      "alibaba": "Exceeded limit on max bytes per data-uri item : 10485760",
      "dualscope": "oss://",
      "moonshotai": "Exceeded limit on max bytes per data-uri item : 10485760",
    }
  `)
})

test('an image in the result of a tool is an image', async () => {
  const data =
    'iVBORw0KGgoAAAANSUhEUgAAAAsAAAALCAIAAAAmzuBxAAAAAXNSR0IB2cksfwAAABJJREFUeJxjYBgFo2AUjAIcAAQfAAFdTdM5AAAAAElFTkSuQmCC'
  const messages: ModelMessage[] = [
    { role: 'user', content: 'Look.' },
    { role: 'assistant', content: [{ type: 'tool-call', toolCallId: '1', toolName: 'shot', input: {} }] },
    {
      role: 'tool',
      content: [
        {
          type: 'tool-result',
          toolCallId: '1',
          toolName: 'shot',
          output: { type: 'content', value: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data } }] },
        },
      ],
    },
  ]
  expect(await compare(sending(messages, '"type":"image_url"'))).toMatchInlineSnapshot(`
    {
      "alibaba": "",
      "dualscope": ""type":"image_url"",
      "moonshotai": "",
    }
  `)
})

test('an object comes from a model without JSON mode, and the request is one that it takes', async () => {
  const outcomes = await compare(async (model) => {
    mock.use({ text: '```json\n{"a":1}\n```' })
    const output = Output.object({ schema: z.object({ a: z.number() }) })
    const result = await generateText({ model, prompt: 'A?', output, topK: 3, maxRetries: 0 }).then(
      (generated) => JSON.stringify(generated.output),
      (error: unknown) => `throws ${nameOf(error)}`,
    )
    return [result, ...(mock.requests[0]?.issues.map(({ message }) => message) ?? [])].join('; ')
  })
  expect(outcomes).toMatchInlineSnapshot(`
    {
      "alibaba": "throws AI_NoObjectGeneratedError; Required parameter(response_format) missing or invalid, please check the request parameters.; top_k cannot be set for this model",
      "dualscope": "{"a":1}",
      "moonshotai": "throws AI_NoObjectGeneratedError; Required parameter(response_format) missing or invalid, please check the request parameters.",
    }
  `)
})
