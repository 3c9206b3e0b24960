import type { ChatResult, Client } from '@dualscope/core'

import type { Fixture, FixtureSet } from '../fixtures/fixture.ts'
import { fixtures } from '../fixtures/fixtures.ts'
import { replay } from '../mock/replay.ts'
import type { Protocol } from '../protocol.ts'
import type { Case } from './case.ts'
import { assert, matches } from './difference.ts'
import type { Features } from './feature.ts'
import { defaultModel } from './workbench.ts'

const sum = { inputTokens: 16, outputTokens: 53, totalTokens: 69, reasoningTokens: 10 }
const seaside = '只有我们和治愈的暖阳，这就是最'

type Expected = Readonly<Record<string, unknown>>

/** The content of the documented and recorded answers, read by eye. */
const answers: Readonly<Record<Protocol, Readonly<Record<string, Expected>>>> = {
  compatible: {
    'who-are-you': {
      reasoning: /^The user/,
      text: /./,
      model: 'kimi-k2-thinking',
      finishReason: 'stop',
      usage: { inputTokens: 8, outputTokens: 183, totalTokens: 191 },
    },
    'who-are-you-stream': {
      reasoning: /^The user asks "Who are you\?", [^]*- Keep it concise and clear$/,
      text: /^I am an AI assistant named Kimi, [^]*How can I help you\?$/,
      finishReason: 'stop',
    },
    text: {
      text: '我是',
      finishReason: 'stop',
      id: 'chatcmpl-3bb05cf5cd819fbca5f0b8d67a025022',
      usage: { inputTokens: 22, outputTokens: 17, totalTokens: 39 },
    },
    'silent-events': {
      text: '我是',
      finishReason: 'stop',
      usage: { inputTokens: 22, outputTokens: 17, totalTokens: 39 },
    },
    'other-choices': { text: '我是', finishReason: 'stop' },
    'repeated-text': { text: 'Translated text that grows.', finishReason: 'stop' },
    'half-characters': { text: 'Hi 👋!', finishReason: 'stop' },
    'tool-call': {
      toolCalls: [{ id: /^call_/, name: 'weather', arguments: '{"location": "San Francisco"}' }],
      finishReason: 'tool-calls',
    },
  },
  dashscope: {
    'who-are-you': {
      reasoning: /./,
      text: /./,
      requestId: '709a0697-ed1f-4298-82c9-a4b878da1849',
      usage: { inputTokens: 9, outputTokens: 156, totalTokens: 165 },
    },
    'who-are-you-stream': { reasoning: /./, text: /How can I help you\?$/, finishReason: 'stop' },
    'silent-events': { text: '1+1=2', finishReason: 'stop' },
    'no-blank-lines': { text: '1+1=2', finishReason: 'stop' },
    'repeated-text': { text: 'Translated text that grows.', finishReason: 'stop' },
    'half-characters': { text: 'Hi 👋!', finishReason: 'stop' },
    'text-thinking': { reasoning: '嗯', text: '1+1', finishReason: 'stop', usage: sum },
    'multimodal-thinking': { reasoning: '用户', text: `${seaside}完美的周末。`, finishReason: 'stop' },
    'multimodal-empty-ending': { reasoning: '用户', text: seaside, finishReason: 'stop' },
    multimodal: { text: '海滩。', usage: { inputTokens: 3613, outputTokens: 3, totalTokens: 3616, imageTokens: 3577 } },
    'tool-calls': {
      toolCalls: [
        { id: 'call_aa99ad078f294a3d81da41d7', name: 'get_current_weather', arguments: '{"location": "浙江省杭州市"}' },
        { id: 'call_aa8b6311567847e197e6ca7f', name: 'get_current_weather', arguments: '{"location": "上海市"}' },
      ],
      rawFinishReason: 'tool_calls',
      finishReason: 'tool-calls',
    },
    'forced-tool-call': {
      toolCalls: [{ id: 'call_cec4c19d27624537b583af', arguments: '{"location": "浙江省杭州市"}' }],
      rawFinishReason: 'stop',
      finishReason: 'tool-calls',
    },
    'length-while-thinking': { text: '', reasoning: /./, finishReason: 'length' },
    'result-format-text': { text: /^1\+1等于2。/, finishReason: 'stop' },
  },
}

const refused: Readonly<Record<Protocol, Readonly<Record<string, Expected>>>> = {
  compatible: {
    'invalid-api-key': { code: 'authentication', status: 401, serviceCode: 'invalid_api_key' },
    'data-inspection': { code: 'content-inspection', status: 400, serviceCode: 'data_inspection_failed' },
    'data-inspection-after-text': { code: 'content-inspection', status: 400, partial: { text: '我是' } },
  },
  dashscope: {
    'invalid-api-key': {
      code: 'authentication',
      status: 401,
      serviceCode: 'InvalidApiKey',
      requestId: 'a1c0561c-1dfe-98a6-a62f-983577b8bc5e',
    },
    'invalid-role': {
      code: 'invalid-request',
      status: 400,
      serviceCode: 'InvalidParameter',
      requestId: /^[0-9a-f-]{36}$/,
    },
  },
}

/** Leaves out the parts that the transport does not claim to read. */
function claimed(expected: Expected, { thinking, usageDetails }: Features): Expected {
  const { reasoning, usage, ...rest } = expected
  const details = /^(reasoning|cached|cacheWrite|image|video)Tokens$/
  const counts = Object.entries(usage ?? {}).filter(([name]) => usageDetails || !details.test(name))
  return {
    ...rest,
    ...(thinking && reasoning !== undefined ? { reasoning } : {}),
    ...(usage === undefined ? {} : { usage: Object.fromEntries(counts) }),
  }
}

/** Reads a stream, and checks that each delta is whole characters. */
async function readStream(client: Client): Promise<ChatResult> {
  const stream = client.stream('Hello')
  for await (const event of stream) {
    if ('delta' in event)
      assert(event.delta.isWellFormed(), `No delta ends inside a character: ${JSON.stringify(event.delta)}`)
  }
  return stream.result()
}

const kinds = ['response', 'stream', 'error'] as const

function fixtureOf(protocol: Protocol, scenario: string): Fixture | undefined {
  const set: FixtureSet = fixtures[protocol]
  return set[scenario]
}

/** Creates the cases about documented and recorded bytes, which exist for the two protocols of Model Studio only. */
export function documentedCases(protocol: string): readonly Case[] {
  if (protocol !== 'compatible' && protocol !== 'dashscope') {
    return [
      {
        name: `documented: not claimed, because ${protocol} is not a protocol of Model Studio`,
        run: async () => undefined,
      },
    ]
  }
  const cases = { ...answers[protocol], ...refused[protocol] }
  return Object.entries(cases).flatMap(([scenario, expected]) =>
    kinds.flatMap((kind): Case[] => {
      const fixture = fixtureOf(protocol, scenario)
      if (fixture?.[kind] === undefined) return []
      return [
        {
          name: `documented: the ${kind} of "${scenario}" matches its page`,
          needs: expected['toolCalls'] === undefined ? undefined : 'tools',
          async run({ client, mock, rejectsWith, claims }) {
            mock.use(replay(fixture, { kind }))
            const asking = client({}, scenario === 'repeated-text' ? 'qwen-mt-plus' : defaultModel)
            const answer = kind === 'stream' ? readStream(asking) : asking.chat('Hello')
            if (scenario in refused[protocol]) await rejectsWith(answer, expected, 'The error')
            else matches(await answer, claimed(expected, claims), 'The result')
          },
        },
      ]
    }),
  )
}
