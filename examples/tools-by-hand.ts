// Function calling ("Fitur model") by hand: the calls of the answer are run here, and their results go back with it.
import type { Message } from '@dualscope/core'

import { connect } from './connect.ts'
import { planetFacts } from './data/planets.ts'

const client = connect('kimi-k2.5', [
  { toolCalls: [{ id: 'functions.planet_facts:0', name: 'planet_facts', arguments: '{"planet":"Venus"}' }] },
  { text: 'A day on Venus takes 2802 hours, while its year takes 224.7 Earth days, so the day is about half a year.' },
])
const messages: Message[] = [{ role: 'user', content: 'How long is a day on Venus, compared to its year?' }]
const tools = [planetFacts]

let answer = await client.chat({ messages, tools })
while (answer.toolCalls.length > 0) {
  messages.push(answer.message)
  for (const { id, name, arguments: text } of answer.toolCalls) {
    console.log(`${name} ${text}`)
    const content = JSON.stringify(
      await planetFacts.execute?.(JSON.parse(text), { signal: new AbortController().signal }),
    )
    console.log(`  ${content}`)
    messages.push({ role: 'tool', toolCallId: id, content })
  }
  answer = await client.chat({ messages, tools })
}
console.log(answer.text)
