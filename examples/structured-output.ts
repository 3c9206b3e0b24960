// Structured output ("Fitur model": kimi-k2-thinking): data of the type of a schema instead of prose.
// kimi-k2-thinking went offline on 2026-07-09; of the later models kimi-k3 has it.
import { OutputError } from '@dualscope/core'
import * as z from 'zod'

import { connect } from './connect.ts'

const contact = z.object({
  name: z.string(),
  email: z.email(),
  topics: z.array(z.string()).describe('What the person writes about, one word each'),
})
const mail = `Hello, my order has not come yet, and the invoice names the wrong address.
Li Na, lina@example.com`

const client = connect('kimi-k2-thinking', [
  { text: '{"name":"Li Na","email":"lina@example.com","topics":["delivery","invoice"]}' },
])

try {
  const { output } = await client.chat({
    messages: [{ role: 'user', content: `Who writes, and about what?\n\n${mail}` }],
    output: contact,
  })
  console.log(`${output.name} <${output.email}> writes about ${output.topics.join(' and ')}.`)
} catch (error) {
  if (!(error instanceof OutputError)) throw error
  console.error(error.issues, error.text)
}
