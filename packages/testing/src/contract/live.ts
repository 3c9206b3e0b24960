import {
  type ChatEvent,
  type ChatRequest,
  type ChatResult,
  type Client,
  createClient,
  DualscopeError,
  type Message,
  type ModelId,
  modelInfo,
} from '@dualscope/core'

import { samples } from '../fixtures/samples.ts'
import { equal, assert, matches } from './difference.ts'
import type { TransportFactory, ContractTransportOptions } from './transport-factory.ts'

/** Options of a run against the real service. */
export interface LiveOptions {
  model: ModelId
  /** @default the environment's DASHSCOPE_API_KEY; without a key no case runs */
  apiKey?: string | undefined
  /** The most tokens of all answers; once they are spent, the remaining cases fail without a call. @default 20_000 */
  budget?: number | undefined
}

declare const process: { env?: Record<string, string | undefined> } | undefined

function keyOf({ apiKey }: LiveOptions): string | undefined {
  return apiKey ?? ((typeof process === 'undefined' ? undefined : process.env?.['DASHSCOPE_API_KEY']) || undefined)
}

/** The context that the cases of a run share. */
interface LiveBench {
  model: ModelId
  client: (options?: ContractTransportOptions, model?: ModelId) => Client
  /** Sends a request for few tokens, within the budget, and checks the answer with `checkAnswer`. */
  ask: (request: Omit<ChatRequest, 'model'>) => Promise<{ events: ChatEvent[]; result: ChatResult }>
}

function checkUsage({ usage }: ChatResult) {
  if (!usage) throw new Error('The answer has no usage')
  const { inputTokens, outputTokens, totalTokens, reasoningTokens = 0 } = usage
  equal(totalTokens, inputTokens + outputTokens, 'The total of the usage')
  assert(inputTokens > 0 && reasoningTokens <= outputTokens, `The usage is possible: ${JSON.stringify(usage)}`)
}

/** Checks that hold for every answer. */
function checkAnswer(events: readonly ChatEvent[], result: ChatResult, protocol: string) {
  const joined = (type: ChatEvent['type']) =>
    events.map((event) => (event.type === type && 'delta' in event ? event.delta : '')).join('')
  equal(joined('text-delta'), result.text, 'The deltas of the text')
  equal(joined('reasoning-delta'), result.reasoning, 'The deltas of the reasoning')
  const types = events.map(({ type }) => type)
  equal(types.indexOf('finish'), types.length - 1, 'The place of the end')
  const text = types.indexOf('text-delta')
  assert(text === -1 || types.lastIndexOf('reasoning-delta') < text, 'Reasoning comes before the text')
  matches(
    result,
    { id: /./, requestId: /./, protocol, rawFinishReason: /./, finishReason: /^(stop|length|tool-calls)$/ },
    'The result',
  )
  checkUsage(result)
}

function createLiveBench(
  connect: TransportFactory,
  { model, budget = 20_000 }: LiveOptions,
  apiKey: string,
): LiveBench {
  let spent = 0
  const client: LiveBench['client'] = (options, other = model) =>
    createClient({ transport: connect({ apiKey, ...options }), model: other })
  return {
    model,
    client,
    async ask(request) {
      if (spent >= budget) throw new Error(`The budget of ${budget} tokens is spent (${spent}); this was not sent`)
      const transport = connect({ apiKey })
      const stream = createClient({ transport, model }).stream({ maxTokens: 64, ...request })
      const events: ChatEvent[] = []
      for await (const event of stream) events.push(event)
      const result = await stream.result()
      spent += result.usage?.totalTokens ?? 0
      checkAnswer(events, result, transport.protocol)
      return { events, result }
    },
  }
}

interface LiveCase {
  name: string
  /** Whether the model supports the case; it is skipped for a model that the catalogue does not have. */
  when?: (info: NonNullable<ReturnType<typeof modelInfo>>) => boolean
  run: (workbench: LiveBench) => Promise<void>
}

function user(content: string): Message {
  return { role: 'user', content }
}
const weather = {
  name: 'weather',
  description: 'The weather of a city, now',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

/** Returns the reason that a promise rejects with. */
async function rejection(promise: PromiseLike<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('The promise did not reject')
}

const cases: readonly LiveCase[] = [
  {
    name: 'a streamed answer has text, an end and usage',
    async run({ ask }) {
      const { result } = await ask({ messages: [user('Say "hello" and nothing else.')] })
      assert(result.text !== '' || result.finishReason === 'length', 'There is a text')
    },
  },
  {
    name: 'a whole answer has the shape of a streamed one, and cost as many tokens of input',
    async run({ ask, client }) {
      const request = { messages: [user('Say "hello" and nothing else.')], maxTokens: 64 }
      const { result } = await ask(request)
      const whole = await client().chat(request)
      checkUsage(whole)
      equal(Object.keys(whole).toSorted(), Object.keys(result).toSorted(), 'The keys of the result')
      equal(whole.usage?.inputTokens, result.usage?.inputTokens, 'The tokens of input')
    },
  },
  {
    name: 'a conversation continues with the message of the result',
    async run({ ask }) {
      const messages = [user('Say "hello" and nothing else.')]
      const { result } = await ask({ messages })
      const next = await ask({ messages: [...messages, result.message, user('And now "goodbye".')] })
      assert((next.result.usage?.inputTokens ?? 0) > (result.usage?.inputTokens ?? 0), 'The second question is longer')
    },
  },
  {
    name: 'a limit cuts the answer with "length"',
    async run({ ask }) {
      const { result } = await ask({ messages: [user('Count from 1 to 500 in words.')], maxTokens: 8 })
      equal(result.finishReason, 'length', 'The finish reason')
    },
  },
  {
    name: 'thinking brings reasoning',
    when: ({ thinking }) => thinking !== 'never',
    async run({ ask, model }) {
      const thinking = modelInfo(model)?.thinkingBudget ? { budget: 128 } : true
      const { result } = await ask({ messages: [user('Is 91 prime? Answer in a word.')], thinking })
      assert(result.reasoning !== '', 'There is reasoning')
    },
  },
  {
    name: 'a tool is called with an id and JSON, and its result is taken',
    when: ({ features }) => features.tools,
    async run({ ask }) {
      const messages = [user('Call the tool for the weather in Ulm. Do not answer by yourself.')]
      const request = { messages, tools: [weather], maxTokens: 512 }
      const { result } = await ask(request)
      equal(result.finishReason, 'tool-calls', 'The finish reason')
      for (const call of result.toolCalls) {
        matches(call, { id: /./, name: 'weather' }, 'The call')
        matches(JSON.parse(call.arguments), { city: /./ }, 'The arguments')
      }
      const results = result.toolCalls.map(({ id }): Message => ({ role: 'tool', toolCallId: id, content: 'sunny' }))
      await ask({ ...request, messages: [...messages, result.message, ...results] })
    },
  },
  {
    name: 'an image is read',
    when: ({ inputs }) => inputs.includes('image'),
    async run({ ask }) {
      const { result } = await ask({ messages: samples.image.messages })
      assert(result.text !== '' || result.finishReason === 'length', 'There is a text')
    },
  },
  {
    name: 'a wrong key is "authentication", and not shown',
    async run({ client }) {
      const apiKey = 'sk-wrong-key-of-the-contract'
      const error = await rejection(client({ apiKey }).chat('Hello'))
      matches(error, { code: 'authentication', status: 401 }, 'The error')
      assert(error instanceof DualscopeError && !error.message.includes(apiKey), 'The key is not shown')
    },
  },
  {
    name: 'an unknown model is an error with a request id',
    async run({ client }) {
      const error = await rejection(client({}, 'no-such-model-of-the-contract').chat('Hello'))
      matches(
        error,
        { code: /^(not-found|invalid-request|permission)$/, retryable: false, requestId: /./ },
        'The error',
      )
    },
  },
  {
    name: 'an abort inside a stream throws its reason',
    async run({ client }) {
      const controller = new AbortController()
      const reason = new DOMException('enough', 'AbortError')
      const request = { messages: [user('Count from 1 to 100 in words.')], maxTokens: 256 }
      const stream = client().stream(request, { signal: controller.signal })
      const error = await rejection(
        (async () => {
          for await (const _ of stream) controller.abort(reason)
        })(),
      )
      assert(error === reason, 'The reason itself')
    },
  },
]

/** Creates the cases of a run against the real service; without a key, one case whose name says so. */
export function liveCases(connect: TransportFactory, options: LiveOptions) {
  const apiKey = keyOf(options)
  if (apiKey === undefined) {
    return [
      { name: 'live: not run, because DASHSCOPE_API_KEY is not set', isClaimed: false, run: async () => undefined },
    ]
  }
  const workbench = createLiveBench(connect, options, apiKey)
  const info = modelInfo(options.model)
  return cases.map(({ name, when, run }) => {
    const able = when === undefined || (info !== undefined && when(info))
    return able
      ? { name: `live: ${name}`, isClaimed: true, run: () => run(workbench) }
      : { name: `live: ${name} (not supported by ${options.model})`, isClaimed: false, run: async () => undefined }
  })
}
