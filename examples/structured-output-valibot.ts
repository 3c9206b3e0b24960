// Structured output with valibot instead of zod: any type that implements Standard Schema and Standard JSON Schema works.
import { toStandardJsonSchema } from '@valibot/to-json-schema'
import * as v from 'valibot'

import { connect } from './connect.ts'

const trip = toStandardJsonSchema(
  v.object({
    city: v.string(),
    days: v.pipe(v.number(), v.integer(), v.minValue(1)),
    sights: v.array(v.string()),
  }),
)

// kimi-k2.5 has no JSON mode: it gets the schema as an instruction, and its answer is checked in the same way.
const client = connect('kimi-k2.5', [
  { text: 'Here is a plan:\n```json\n{"city":"Rome","days":3,"sights":["Colosseum","Pantheon"]}\n```' },
])

const { output } = await client.chat({
  messages: [{ role: 'user', content: 'Plan a weekend in Rome for me.' }],
  output: trip,
})
console.log(`${output.days} days in ${output.city}: ${output.sights.join(', ')}`)
