import type { ChatRequest, ModelId } from '@dualscope/core'

import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'
import type { Feature } from './feature.ts'
import { defaultModel } from './workbench.ts'

interface Row {
  /** The fields of the request. */
  fields: Omit<ChatRequest, 'messages'>
  /** The fields that arrive, under wire names (both API references of Model Studio). */
  arrives: Readonly<Record<string, unknown>>
  model?: ModelId
  needs?: readonly Feature[]
  /** Whether a transport without the feature may ignore the field, because it has no effect there. */
  isHarmless?: boolean
}

// A model that is not in the catalogue, so that no limits apply.
const open = 'qwen-plus'

const weather = {
  name: 'weather',
  description: 'The weather of a city',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}
const now = { name: 'now', description: 'The time' }
const wireTools = [
  { type: 'function', function: { name: 'weather', description: 'The weather of a city', parameters: weather.input } },
  {
    type: 'function',
    function: { name: 'now', description: 'The time', parameters: { type: 'object', properties: {} } },
  },
]

const rows: Readonly<Record<string, Row>> = {
  'thinking: true': { fields: { thinking: true }, arrives: { enable_thinking: true }, needs: ['thinking'] },
  'thinking: false': {
    fields: { thinking: false },
    arrives: { enable_thinking: false },
    needs: ['thinking'],
    isHarmless: true,
  },
  'thinking: true, where the model always thinks,': {
    fields: { thinking: true },
    arrives: {},
    model: 'kimi-k2-thinking',
    needs: ['thinking'],
  },
  'thinking: false, where the model never thinks,': {
    fields: { thinking: false },
    arrives: {},
    model: 'Moonshot-Kimi-K2-Instruct',
  },
  'thinking.budget': {
    fields: { thinking: { budget: 500 } },
    arrives: { enable_thinking: true, thinking_budget: 500 },
    needs: ['thinking'],
  },
  'thinking.preserve': {
    fields: { thinking: { preserve: true } },
    arrives: { enable_thinking: true, preserve_thinking: true },
    model: 'kimi-k2.6',
    needs: ['thinking', 'thinkingOptions'],
  },
  'thinking.effort': {
    fields: { thinking: { effort: 'low' } },
    arrives: { reasoning_effort: 'low' },
    model: 'kimi-k3',
    needs: ['thinking', 'thinkingOptions'],
  },
  maxTokens: { fields: { maxTokens: 7 }, arrives: { max_tokens: 7 } },
  maxCompletionTokens: {
    fields: { maxCompletionTokens: 9 },
    arrives: { max_completion_tokens: 9 },
    needs: ['serviceOptions'],
  },
  temperature: { fields: { temperature: 0 }, arrives: { temperature: 0 } },
  topP: { fields: { topP: 0.5 }, arrives: { top_p: 0.5 } },
  topK: { fields: { topK: 0 }, arrives: { top_k: 0 }, model: open },
  presencePenalty: {
    fields: { presencePenalty: -1.5 },
    arrives: { presence_penalty: -1.5 },
    needs: ['serviceOptions'],
  },
  repetitionPenalty: {
    fields: { repetitionPenalty: 1.1 },
    arrives: { repetition_penalty: 1.1 },
    needs: ['serviceOptions'],
  },
  seed: { fields: { seed: 0 }, arrives: { seed: 0 }, needs: ['serviceOptions'] },
  'stop, a text,': { fields: { stop: 'END' }, arrives: { stop: 'END' } },
  'stop, a list,': { fields: { stop: ['a', 'b'] }, arrives: { stop: ['a', 'b'] } },
  'logprobs: true': { fields: { logprobs: true }, arrives: { logprobs: true }, model: open, needs: ['logprobs'] },
  'logprobs, a number,': {
    fields: { logprobs: 3 },
    arrives: { logprobs: true, top_logprobs: 3 },
    model: open,
    needs: ['logprobs'],
  },
  tools: { fields: { tools: [weather, now] }, arrives: { tools: wireTools }, needs: ['tools'] },
  "toolChoice: 'none'": {
    fields: { tools: [weather, now], toolChoice: 'none' },
    arrives: { tools: wireTools, tool_choice: 'none' },
    needs: ['tools'],
  },
  "toolChoice: 'required'": {
    fields: { tools: [weather, now], toolChoice: 'required' },
    arrives: { tools: wireTools, tool_choice: 'required' },
    model: 'kimi-k3',
    needs: ['tools'],
  },
  'toolChoice, a name,': {
    fields: { tools: [weather, now], toolChoice: { name: 'now' } },
    arrives: { tools: wireTools, tool_choice: { type: 'function', function: { name: 'now' } } },
    needs: ['tools'],
  },
  parallelToolCalls: {
    fields: { tools: [weather, now], parallelToolCalls: true },
    arrives: { tools: wireTools, parallel_tool_calls: true },
    needs: ['tools'],
  },
  extra: {
    fields: { extra: { vl_high_resolution_images: true, novel: { deep: [1] } } },
    arrives: { vl_high_resolution_images: true, novel: { deep: [1] } },
  },
}

/** Every option of a request, which must arrive under its name, in its place, with its value, and alone. */
export const parameterCases: readonly Case[] = [
  ...Object.entries(rows).map(([name, { fields, arrives, model = defaultModel, needs, isHarmless }]): Case => {
    const request = { messages: [{ role: 'user' as const, content: 'Hello' }], model, ...fields }
    return {
      name: `parameters: ${name} arrives as documented`,
      needs,
      async run({ client, lastRequest }) {
        await client().chat(request)
        equal(lastRequest().options, arrives, 'The options of chat()')
        await client().stream(request).result()
        equal(lastRequest().options, arrives, 'The options of stream()')
      },
      whenUnsupported: isHarmless
        ? undefined
        : async ({ client, rejectsWith, requests }) => {
            await rejectsWith(client().chat(request), { code: 'unsupported' }, 'The error')
            equal(requests.length, 0, 'Requests')
          },
    }
  }),
  {
    name: 'parameters: extra cannot set an option twice',
    async run({ client, rejectsWith, requests }) {
      const messages = [{ role: 'user' as const, content: 'Hello' }]
      for (const key of ['temperature', 'enable_thinking', 'tools']) {
        const extra = { [key]: 1 }
        await rejectsWith(
          client().chat({ messages, extra }),
          { code: 'validation', message: new RegExp(`extra\\.${key}`) },
          key,
        )
      }
      equal(requests.length, 0, 'Requests')
    },
  },
  {
    name: "parameters: output: 'json' requests JSON with an instruction, and the result is parsed",
    needs: 'structuredOutput',
    async run({ client, lastRequest, mock }) {
      mock.use({ text: '{"answer": 42}' })
      const { output } = await client({}, 'kimi-k2-thinking').chat({
        messages: [{ role: 'user', content: 'What is it?' }],
        output: 'json',
      })
      matches(lastRequest().options, { response_format: { type: 'json_object' } }, 'The options')
      assert(/json/i.test(JSON.stringify(lastRequest().messages)), 'A message says "json", as the service demands')
      equal(output, { answer: 42 }, 'The output')
    },
    async whenUnsupported({ client, rejectsWith, requests }) {
      const messages = [{ role: 'user' as const, content: 'What is it, in JSON?' }]
      await rejectsWith(client({}, 'kimi-k3').chat({ messages, output: 'json' }), { code: 'unsupported' }, 'The error')
      equal(requests.length, 0, 'Requests')
    },
  },
  {
    name: 'parameters: output for a model without JSON mode goes out as an instruction alone',
    needs: 'structuredOutput',
    async run({ client, lastRequest, mock }) {
      mock.use({ text: 'Here it is: {"answer": 42}' })
      const { output } = await client({}, 'kimi-k2.5').chat({
        messages: [{ role: 'user', content: 'What is it?' }],
        output: { type: 'object', properties: { answer: { type: 'integer' } }, required: ['answer'] },
      })
      const { options, messages } = lastRequest()
      assert(!('response_format' in options), 'No response_format is sent to a model that would refuse it')
      assert(/json/i.test(JSON.stringify(messages)), 'The messages hold the schema')
      equal(output, { answer: 42 }, 'The output')
    },
  },
  {
    name: 'parameters: search and its options arrive as documented',
    needs: 'search',
    async run({ client, lastRequest }) {
      const ask = (search: ChatRequest['search']) =>
        client({}, 'kimi-k3').chat({ messages: [{ role: 'user', content: 'News?' }], search })
      await ask(true)
      matches(lastRequest().options, { enable_search: true }, 'The options of search: true')
      await ask({ forced: true, strategy: 'max', specializedSources: true })
      const search = { forced_search: true, search_strategy: 'max', enable_search_extension: true }
      matches(lastRequest().options, { enable_search: true, search_options: search }, 'The options of a search')
    },
    async whenUnsupported({ client, rejectsWith, requests }) {
      const messages = [{ role: 'user' as const, content: 'News?' }]
      await rejectsWith(client({}, 'kimi-k3').chat({ messages, search: true }), { code: 'unsupported' }, 'The error')
      equal(requests.length, 0, 'Requests')
    },
  },
]
