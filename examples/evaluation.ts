// An evaluation with structured output: asks the model to classify messages, and counts how often it agrees with the labels.
import { runBatch } from '@dualscope/batch'
import * as z from 'zod'

import { connect } from './connect.ts'

const topic = z.object({ topic: z.enum(['delivery', 'invoice', 'other']) })
const cases = [
  { id: '1', mail: 'My parcel has not come yet.', topic: 'delivery' },
  { id: '2', mail: 'The invoice names the wrong address.', topic: 'invoice' },
  { id: '3', mail: 'Do you have this lamp in green?', topic: 'other' },
]
const expected = new Map(cases.map((each) => [each.id, each.topic]))

// The last line of the mock is wrong, so that there is something to find.
const lines = [{ text: '{"topic":"delivery"}' }, { text: '{"topic":"invoice"}' }, { text: '{"topic":"invoice"}' }]
const items = cases.map(({ id, mail }) => ({
  id,
  request: { messages: [{ role: 'user' as const, content: `What is this message about?\n\n${mail}` }], output: topic },
}))

let right = 0
for await (const answer of runBatch(items, { client: connect('kimi-k2.5', lines), concurrency: 1 })) {
  if ('error' in answer) {
    console.log(`${answer.id}: ${answer.error.code}: ${answer.error.message}`)
    continue
  }
  const { topic: found } = topic.parse(answer.result.output)
  if (found === expected.get(answer.id)) right += 1
  else console.log(`${answer.id}: ${found}, expected ${expected.get(answer.id)}`)
}
console.log(`${right} of ${cases.length} are right.`)
