import type { ChatRequest, SearchSource, Usage } from '@dualscope/core'

import type { AnswerScenario } from '../mock/scenario.ts'
import type { Case } from './case.ts'
import { equal, assert, matches } from './difference.ts'
import { type Workbench, drain, withoutIds, mergeDeltas, sameResult } from './workbench.ts'

/** Every field of usage, each with a different number. */
const usage: Usage = {
  inputTokens: 2891,
  outputTokens: 103,
  totalTokens: 2994,
  reasoningTokens: 65,
  cachedTokens: 128,
  cacheWriteTokens: 64,
  cacheType: 'explicit',
  imageTokens: 1503,
  videoTokens: 1000,
}

const bare: Usage = { inputTokens: 9, outputTokens: 156, totalTokens: 165 }

const full: AnswerScenario = {
  reasoning: ['Hm.', ' They ask ', 'for 你好.\n'],
  text: [' Grüße', ' 👋 aus ', 'Hangzhou: ', '杭州', '\n\n'],
  usage,
}

const messages: ChatRequest['messages'] = [{ role: 'user', content: 'Hello' }]

/** Sends a request for a whole answer and for a stream, checks that both results are equal, and returns the streamed one. */
async function both(
  { client, mock }: Workbench,
  scenario: AnswerScenario,
  request: Omit<ChatRequest, 'messages'> = {},
) {
  mock.use([scenario, scenario])
  const whole = await client().chat({ messages, ...request })
  const { events, result } = await drain(client().stream({ messages, ...request }))
  sameResult(result, whole, 'A streamed answer and a whole one are the same')
  return { events: mergeDeltas(events), result }
}

/** Returns the finish reason of Model Studio; another protocol may use any word. */
function rawReason({ protocol }: Workbench, word: string) {
  return protocol === 'compatible' || protocol === 'dashscope' ? word : /./
}

const sources: SearchSource[] = [
  { title: 'One', url: 'https://one.test/', siteName: 'One', icon: 'https://one.test/i.png', index: 1 },
  { title: 'Two', url: 'https://two.test/', index: 2 },
]

const logprobs = { content: [{ token: 'Hi', logprob: -0.1, bytes: [72, 105], top_logprobs: [] }] }

/** The content of an answer, streamed or whole. */
export const answerCases: readonly Case[] = [
  {
    name: 'answers: the result has text, model, protocol, usage and a message to push',
    async run(workbench) {
      const { result } = await both(workbench, { text: full.text, usage: bare, model: 'kimi-k2.5' })
      const content = [full.text].flat().join('')
      const expected = {
        model: 'kimi-k2.5',
        protocol: workbench.protocol,
        text: content,
        reasoning: '',
        toolCalls: [],
        message: { role: 'assistant', content },
        finishReason: 'stop',
        rawFinishReason: result.rawFinishReason,
        usage: bare,
      }
      equal(withoutIds(result), expected, 'The result')
      assert(result.id !== '', 'The answer has an id')
    },
  },
  {
    name: 'answers: reasoning comes first, apart from the text, and is in the message',
    needs: 'thinking',
    async run(workbench) {
      const { events, result } = await both(workbench, full, { thinking: true })
      const text = [full.text].flat().join('')
      const reasoning = [full.reasoning].flat().join('')
      const expected = [
        { type: 'reasoning-delta', delta: reasoning },
        { type: 'text-delta', delta: text },
        { type: 'finish', finishReason: 'stop', usage: result.usage },
      ]
      equal(events, expected, 'The events')
      matches(result, { text, reasoning, message: { role: 'assistant', content: text, reasoning } }, 'The result')
    },
  },
  {
    name: 'answers: usage has every detail, and is counted once',
    needs: ['usageDetails', 'thinking'],
    async run(workbench) {
      const { result } = await both(workbench, full, { thinking: true })
      equal(result.usage, usage, 'The usage')
    },
  },
  {
    name: 'answers: usage is absent if the service reports none',
    async run(workbench) {
      const { result } = await both(workbench, { text: 'Hi', usage: null })
      equal(result.usage, undefined, 'The usage')
    },
  },
  {
    name: 'answers: the ids of answer and request are kept, whole and streamed',
    async run({ client, mock, protocol }) {
      const headers = { 'x-request-id': 'request-1' }
      const id = protocol === 'dashscope' ? 'request-1' : 'chatcmpl-1'
      mock.use([
        { text: 'Hi', id, headers },
        { text: 'Hi', id, headers },
      ])
      matches(await client().chat('Hello'), { id, requestId: 'request-1' }, 'The ids of a whole answer')
      matches(await client().stream('Hello').result(), { id, requestId: 'request-1' }, 'The ids of a streamed answer')
    },
  },
  ...(['stop', 'length', 'content_filter'] as const).map((reason): Case => ({
    name: `answers: the finish reason "${reason}" is kept, and unified`,
    async run(workbench) {
      const { result } = await both(workbench, { text: 'Hi', finishReason: reason })
      const finishReason = reason === 'content_filter' ? 'other' : reason
      matches(result, { finishReason, rawFinishReason: rawReason(workbench, reason) }, 'The result')
    },
  })),
  {
    name: 'answers: an answer cut off while thinking is empty, without an error',
    needs: 'thinking',
    async run(workbench) {
      const { result } = await both(
        workbench,
        { reasoning: 'We are asked', text: '', finishReason: 'length' },
        { thinking: true },
      )
      matches(result, { text: '', reasoning: 'We are asked', finishReason: 'length' }, 'The result')
    },
  },
  {
    name: 'answers: log probabilities are passed on',
    needs: 'logprobs',
    async run(workbench) {
      const { result } = await both(workbench, { text: 'Hi', logprobs }, { model: 'qwen-plus', logprobs: true })
      equal(result.logprobs, logprobs, 'The log probabilities')
    },
  },
  {
    name: 'answers: the pages that web search found are in the result',
    needs: ['sources', 'search'],
    async run(workbench) {
      const { result } = await both(
        workbench,
        { text: ['Hi', ' there'], sources },
        { model: 'kimi-k3', search: { sources: true } },
      )
      equal(result.sources, sources, 'The sources')
    },
    async whenUnsupported({ client, rejectsWith, requests }) {
      const call = client({}, 'kimi-k3').chat({ messages, search: { sources: true } })
      await rejectsWith(call, { code: 'unsupported', message: /search\.?sources|search/ }, 'Asking for them is refused')
      equal(requests.length, 0, 'Requests')
    },
  },
]
