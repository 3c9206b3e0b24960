// The same by the loop: it runs the tools, sends their results back, and ends with the answer.
import { runTools } from '@dualscope/core'

import { connect } from './connect.ts'
import { planetFacts } from './data/planets.ts'

const client = connect('kimi-k2.5', [
  {
    toolCalls: [
      { name: 'planet_facts', arguments: '{"planet":"Venus"}' },
      { name: 'planet_facts', arguments: '{"planet":"Mars"}' },
    ],
  },
  { text: 'A day takes 24.7 hours on Mars, and 2802 hours on Venus.' },
])
const messages = [{ role: 'user', content: 'On which planet is a day longer, Venus or Mars?' }] as const

const { text, steps, usage } = await runTools(client, { messages, tools: [planetFacts] }).result()
console.log(text)
console.log(`(${steps} steps, ${usage?.totalTokens ?? 'unknown'} tokens)`)
