// A conversation of several turns: `result.message` goes onto the history as it is.
import type { Message } from '@dualscope/core'

import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const history: Message[] = [{ role: 'system', content: 'You are a guide to Hangzhou. Answer in one sentence.' }]

for (const question of ['What should I see first?', 'And how do I get there from the main station?']) {
  history.push({ role: 'user', content: question })
  const { message } = await client.chat({ messages: history })
  history.push(message)
  console.log(`> ${question}\n${message.content}\n`)
}
