import type { ChatEvent, ToolCall } from '@dualscope/core'

import { faults } from '../faults/faults.ts'
import type { ScenarioToolCall } from '../mock/scenario.ts'
import type { Case } from './case.ts'
import { equal, matches } from './difference.ts'
import { type Workbench, drain, mergeDeltas, sameResult } from './workbench.ts'

const tools = [{ name: 'weather', description: 'The weather of a city' }]
const request = { messages: [{ role: 'user' as const, content: 'Hello' }], tools }

function whole(id: string, name: string, text: string): ToolCall {
  return { id, name, arguments: text }
}

async function ask({ client, mock }: Workbench, toolCalls: readonly ScenarioToolCall[], finishReason?: string) {
  const scenario = { text: 'Let me see.', toolCalls, ...(finishReason === undefined ? {} : { finishReason }) }
  mock.use([scenario, { ...scenario, fault: faults.split(9) }])
  const answer = await client().chat(request)
  const { events, result } = await drain(client().stream(request))
  sameResult(result, answer, 'A streamed answer and a whole one are the same')
  return { events: mergeDeltas(events), result }
}

function finish(event: ChatEvent) {
  return event.type === 'finish'
}

/** Tool calls. */
export const toolCases: readonly Case[] = [
  {
    name: 'tools: parallel calls keep their ids, names and arguments apart',
    needs: 'tools',
    async run(workbench) {
      const { events, result } = await ask(workbench, [
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
      matches(events.find(finish), { finishReason: 'tool-calls' }, 'The end')
    },
  },
  {
    name: 'tools: arguments are kept as the model wrote them, malformed ones too',
    needs: 'tools',
    async run(workbench) {
      const texts = ['{ "a":1,  "a":2 }', '{"city": "Ulm', '', '[1e400]']
      const { result } = await ask(
        workbench,
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
    name: 'tools: an answer with calls ends with tool-calls, even if the service says "stop"',
    needs: 'tools',
    async run(workbench) {
      const { result } = await ask(workbench, [{ id: 'call_a', name: 'weather', arguments: '{}' }], 'stop')
      matches(result, { finishReason: 'tool-calls', rawFinishReason: 'stop' }, 'The result')
    },
  },
  {
    name: 'tools: calls cut off by a limit end with "length"',
    needs: 'tools',
    async run(workbench) {
      const { result } = await ask(workbench, [{ id: 'call_a', name: 'weather', arguments: '{"ci' }], 'length')
      matches(result, { finishReason: 'length', toolCalls: [whole('call_a', 'weather', '{"ci')] }, 'The result')
    },
  },
]
