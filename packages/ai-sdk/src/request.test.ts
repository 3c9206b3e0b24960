import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider'
import { expect, test } from 'vitest'

import { toRequest } from './request.ts'

const hello: LanguageModelV4Prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }]

async function translate(options: Partial<LanguageModelV4CallOptions>, modelId = 'kimi-k2.5') {
  const { request, warnings } = await toRequest(modelId, { prompt: hello, ...options })
  // Undefined means absent.
  return { request: Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)), warnings }
}

test('settings of the AI SDK become those of a request', async () => {
  const { request, warnings } = await translate({
    maxOutputTokens: 100,
    temperature: 0.5,
    topP: 0.9,
    topK: 10,
    presencePenalty: 1,
    stopSequences: ['end'],
    seed: 7,
    providerOptions: {
      dualscope: {
        search: { forced: true },
        extra: { result_format: 'message' },
        maxCompletionTokens: 200,
        repetitionPenalty: 1.1,
        logprobs: 2,
      },
      alibaba: { enableThinking: true },
    },
  })
  expect(request).toEqual({
    model: 'kimi-k2.5',
    messages: [{ role: 'user', content: 'Hi' }],
    maxTokens: 100,
    maxCompletionTokens: 200,
    temperature: 0.5,
    topP: 0.9,
    topK: 10,
    presencePenalty: 1,
    repetitionPenalty: 1.1,
    stop: ['end'],
    seed: 7,
    logprobs: 2,
    search: { forced: true },
    extra: { result_format: 'message' },
  })
  expect(warnings).toEqual([])
})

test.each([
  ['kimi-k2.5', 'none', false, []],
  ['kimi-k2.5', 'provider-default', undefined, []],
  ['kimi-k2.5', 'low', true, ['reasoning "low"']],
  ['kimi-k3', 'low', { effort: 'low' }, []],
  ['kimi-k3', 'minimal', { effort: 'low' }, ['reasoning "minimal"']],
  ['kimi-k3', 'medium', { effort: 'high' }, ['reasoning "medium"']],
  ['kimi-k3', 'high', { effort: 'high' }, []],
  ['kimi-k3', 'xhigh', { effort: 'max' }, ['reasoning "xhigh"']],
  ['kimi-k3', 'max', { effort: 'max' }, []],
  ['kimi/kimi-k3', 'low', { effort: 'max' }, ['reasoning "low"']],
  ['qwen-plus', 'high', true, ['reasoning "high"']],
] as const)('%s with reasoning "%s" gets thinking %o', async (modelId, reasoning, thinking, features) => {
  const { request, warnings } = await translate({ reasoning }, modelId)
  expect(request['thinking']).toEqual(thinking)
  expect(warnings.map((warning) => 'feature' in warning && warning.feature)).toEqual(features)
})

test('thinking of the provider options takes precedence over reasoning', async () => {
  const thinking = { budget: 1000, preserve: true }
  const { request, warnings } = await translate({ reasoning: 'none', providerOptions: { dualscope: { thinking } } })
  expect(request['thinking']).toEqual(thinking)
  expect(warnings).toEqual([])
})

test('tools and the choice among them are translated, and what they cannot carry is a warning', async () => {
  const inputSchema = { type: 'object', properties: { city: { type: 'string' } } } as const
  const { request, warnings } = await translate({
    tools: [
      { type: 'function', name: 'weather', description: 'The weather', inputSchema },
      { type: 'function', name: 'time', inputSchema, strict: true, inputExamples: [{ input: { city: 'Ulm' } }] },
      { type: 'provider', id: 'openai.web_search', name: 'web_search', args: {} },
    ],
    toolChoice: { type: 'tool', toolName: 'time' },
    providerOptions: { dualscope: { parallelToolCalls: true } },
  })
  expect(request).toMatchObject({
    tools: [
      { name: 'weather', description: 'The weather', input: inputSchema },
      { name: 'time', description: '', input: inputSchema },
    ],
    toolChoice: { name: 'time' },
    parallelToolCalls: true,
  })
  expect(warnings.map((warning) => 'feature' in warning && warning.feature)).toEqual([
    'tool "time": strict',
    'tool "time": inputExamples',
    'tool "web_search": provider-defined',
  ])
})

test('a choice without tools is not sent', async () => {
  const { request } = await translate({ toolChoice: { type: 'auto' } })
  expect(request).not.toHaveProperty('toolChoice')
})

test('a schema carries the name and the description of the output', async () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } } } as const
  const { request } = await translate({
    responseFormat: { type: 'json', schema, name: 'Planet', description: 'A planet.' },
  })
  expect(request['output']).toEqual({ title: 'Planet', description: 'A planet.', ...schema })
  expect((await translate({ responseFormat: { type: 'json' } })).request['output']).toBe('json')
  expect((await translate({ responseFormat: { type: 'text' } })).request).not.toHaveProperty('output')
})

test('an option that does not exist, or stands at another level, is an error that says where it belongs', async () => {
  await expect(translate({ providerOptions: { dualscope: { thinkng: true } } })).rejects.toThrow(
    'providerOptions.dualscope.thinkng: unknown on a call; a call has thinking, search,',
  )
  await expect(translate({ providerOptions: { dualscope: { fps: 2 } } })).rejects.toThrow(
    'providerOptions.dualscope.fps: unknown on a call; it belongs to a part',
  )
})
