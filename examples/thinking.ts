// kimi-k2.5 thinks when it is asked to ("Aktifkan atau nonaktifkan mode berpikir"); off is its default.
import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const messages = [{ role: 'user', content: 'Is 9.11 more than 9.9?' }] as const

const direct = await client.chat({ messages })
console.log(`Without thinking: ${direct.text}\n`)

const thought = await client.chat({ messages, thinking: { budget: 2000 } })
console.log(`Thinking: ${thought.reasoning}`)
console.log(`With thinking: ${thought.text} (${thought.usage?.reasoningTokens ?? 'some'} tokens of thinking)`)
