// An agent with two tools, which thinks before it acts. Ask it something: node agent.ts "How heavy am I on Mars?"
import { styleText } from 'node:util'

import { defineTool, runTools, type Message } from '@dualscope/core'
import * as z from 'zod'

import { connect } from './connect.ts'
import { planetFacts } from './data/planets.ts'

const travelTime = defineTool({
  name: 'travel_time',
  description: 'How long a way takes at a steady speed',
  input: z.object({ kilometres: z.number().positive(), kilometresPerHour: z.number().positive() }),
  execute: ({ kilometres, kilometresPerHour }) => {
    const hours = kilometres / kilometresPerHour
    return { hours, days: hours / 24 }
  },
})

const client = connect('kimi-k2.5', [
  {
    reasoning: 'I need both orbits; then the difference at the speed of the ISS.',
    toolCalls: [
      { id: 'functions.planet_facts:0', name: 'planet_facts', arguments: '{"planet":"Earth"}' },
      { id: 'functions.planet_facts:1', name: 'planet_facts', arguments: '{"planet":"Mars"}' },
    ],
  },
  {
    reasoning: '228.0 - 149.6 = 78.4 million km.',
    toolCalls: [
      {
        id: 'functions.travel_time:2',
        name: 'travel_time',
        arguments: '{"kilometres":78400000,"kilometresPerHour":28000}',
      },
    ],
  },
  { reasoning: '116.7 days.', text: 'The orbits are 78.4 million km apart. At the speed of the ISS that is 117 days.' },
])

const question =
  process.argv[2] ?? 'How far is it to Mars at its closest, and how long would the ISS take at 28,000 km/h?'
const messages: Message[] = [
  { role: 'system', content: 'You answer questions about planets. Look facts up and calculate with the tools.' },
  { role: 'user', content: question },
]
console.log(question)

const loop = runTools(client, { messages, tools: [planetFacts, travelTime], thinking: true }, { maxSteps: 6 })
for await (const event of loop) {
  if (event.type === 'reasoning-delta') process.stdout.write(styleText('dim', event.delta))
  if (event.type === 'finish') console.log()
  if (event.type === 'tool-result') {
    console.log(`→ ${event.toolCall.name} ${event.toolCall.arguments}`)
    console.log(`${'error' in event ? '✗' : '←'} ${event.content}`)
  }
}

const { text, steps, usage } = await loop.result()
console.log(text)
console.log(styleText('dim', `${steps} steps, ${usage?.totalTokens ?? 'unknown'} tokens`))
