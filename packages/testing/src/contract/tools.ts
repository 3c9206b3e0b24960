import type { ChatEvent, ToolCall } from '@dualscope/core'
import { faults } from '../faults/faults.ts'
import type { ScenarioToolCall } from '../mock/scenario.ts'
import { type Bench, drain, gist, sameResult } from './workbench.ts'
import type { Case } from './case.ts'
import { equal, like } from './difference.ts'

const tools = [{ name: 'weather', description: 'The weather of a city' }]
const request = { messages: [{ role: 'user' as const, content: 'Hello' }], tools }

const whole = (id: string, name: string, text: string): ToolCall => ({ id, name, arguments: text })

const ask = async ({ client, mock }: Bench, toolCalls: readonly ScenarioToolCall[], finishReason?: string) => {
  const scenario = { text: 'Let me see.', toolCalls, ...(finishReason === undefined ? {} : { finishReason }) }
  mock.use([scenario, { ...scenario, fault: faults.split(9) }])
  const answer = await client().chat(request)
  const { events, result } = await drain(client().stream(request))
  sameResult(result, answer, 'A streamed answer and a whole one are the same')
  return { events: gist(events), result }
}

const finish = (event: ChatEvent) => event.type === 'finish'

/** Calls of tools. */
export const toolCases: readonly Case[] = [
  {
    name: 'tools: calls side by side keep their ids, names and arguments apart',
    needs: 'tools',
    async run(bench) {
      const { events, result } = await ask(bench, [
        { id: 'call_a', name: 'weather', arguments: ['{"city"', ': "杭', '州"}'] },
        { id: 'functions.now:1', name: 'now', arguments: ['', '{}'] },
        { id: 'call_c', name: 'weather', arguments: '{"city": "Ulm"}' },
      ])
      const calls = [
        whole('call_a', 'weather', '{"city": "杭州"}'),
        whole('functions.now:1', 'now', '{}'),
        whole('call_c', 'weather', '{"city": "Ulm"}'),
      ]
      equal(result.toolCalls, calls, 'The calls')
      equal(result.message, { role: 'assistant', content: 'Let me see.', toolCalls: calls }, 'The message')
      const ends = events.flatMap((event) => (event.type === 'tool-call-end' ? [event.toolCall] : []))
      equal(ends, calls, 'The calls as their ends tell them')
      const starts = events.flatMap((event) =>
        event.type === 'tool-call-start' ? [[event.index, event.id, event.name]] : [],
      )
      equal(
        starts,
        calls.map(({ id, name }, index) => [index, id, name]),
        'The calls as their starts tell them',
      )
      like(events.find(finish), { finishReason: 'tool-calls' }, 'The end')
    },
  },
  {
    name: 'tools: arguments are kept as the model wrote them, also where they are no JSON',
    needs: 'tools',
    async run(bench) {
      const texts = ['{ "a":1,  "a":2 }', '{"city": "Ulm', '', '[1e400]']
      const { result } = await ask(
        bench,
        texts.map((text, index) => ({ id: `call_${index}`, name: 'weather', arguments: text })),
      )
      equal(
        result.toolCalls.map((call) => call.arguments),
        texts,
        'The arguments',
      )
    },
  },
  {
    name: 'tools: an answer with calls wants tools called, though its reason says "stop"',
    needs: 'tools',
    async run(bench) {
      const { result } = await ask(bench, [{ id: 'call_a', name: 'weather', arguments: '{}' }], 'stop')
      like(result, { finishReason: 'tool-calls', rawFinishReason: 'stop' }, 'The result')
    },
  },
  {
    name: 'tools: calls that a limit has cut end with "length"',
    needs: 'tools',
    async run(bench) {
      const { result } = await ask(bench, [{ id: 'call_a', name: 'weather', arguments: '{"ci' }], 'length')
      like(result, { finishReason: 'length', toolCalls: [whole('call_a', 'weather', '{"ci')] }, 'The result')
    },
  },
]
