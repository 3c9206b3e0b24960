import { createClient, type Transport } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'

import { model, question, type Adapter } from '../adapter.ts'

/** Dualscope with its defaults: requests and answers are checked, events are typed. */
export function ours(transport: Transport): Adapter {
  const client = createClient({ transport, model })
  return {
    async stream(sink) {
      const stream = client.stream({ messages: [{ role: 'user', content: question }], thinking: true })
      for await (const event of stream) {
        if (event.type === 'reasoning-delta') sink.reasoning(event.delta)
        else if (event.type === 'text-delta') sink.text(event.delta)
      }
    },
    async call() {
      const { text } = await client.chat(question)
      return text
    },
    async video(path) {
      const video = await fromFile(path, { type: 'video/mp4' })
      const { text } = await client.chat({ messages: [{ role: 'user', content: [{ type: 'video', video }] }] })
      return text
    },
  }
}
