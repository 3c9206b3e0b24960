// The page's first HTTP example: one question to a model that always thinks, and the whole answer at once.
// kimi-k2-thinking went offline on 2026-07-09; kimi-k2.5 with `thinking: true` is its successor.
import { connect } from './connect.ts'

const client = connect('kimi-k2-thinking')
const { reasoning, text, usage } = await client.chat('Who are you?')

console.log(`Thinking process:\n${reasoning}\n`)
console.log(`Complete response:\n${text}\n`)
console.log(usage)
