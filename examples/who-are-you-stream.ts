// The page's first Python and Node.js example: the thinking as it comes, then the answer as it comes.
import { connect } from './connect.ts'

const client = connect('kimi-k2-thinking')
const stream = client.stream('Who are you?')
let answering = false

console.log(`${'='.repeat(20)}Thinking Process${'='.repeat(20)}\n`)
for await (const event of stream) {
  if (event.type === 'reasoning-delta') process.stdout.write(event.delta)
  if (event.type === 'text-delta') {
    if (!answering) console.log(`\n${'='.repeat(20)}Complete Response${'='.repeat(20)}\n`)
    answering = true
    process.stdout.write(event.delta)
  }
}

const { usage } = await stream.result()
console.log('\n', usage)
