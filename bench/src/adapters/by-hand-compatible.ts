import * as z from 'zod/mini'

import { model, question, type Connect } from '../adapter.ts'
import { paths } from '../scenario.ts'
import { byHand } from './by-hand.ts'

const count = z.nullish(z.number())
const message = z.object({ content: z.nullish(z.string()), reasoning_content: z.nullish(z.string()) })
const completion = z.object({
  id: z.nullish(z.string()),
  model: z.nullish(z.string()),
  choices: z.array(
    z.object({ message: z.nullish(message), delta: z.nullish(message), finish_reason: z.nullish(z.string()) }),
  ),
  usage: z.nullish(z.object({ prompt_tokens: count, completion_tokens: count, total_tokens: count })),
})

export const connect: Connect = (options) =>
  byHand(options, {
    path: paths.compatible,
    streamHeaders: { accept: 'text/event-stream' },
    body: (stream) => ({
      model,
      messages: [{ role: 'user', content: question }],
      ...(stream ? { stream, stream_options: { include_usage: true }, enable_thinking: true } : {}),
    }),
    reader: (sink) => (data) => {
      if (data === '[DONE]') return
      const delta = completion.parse(JSON.parse(data)).choices[0]?.delta
      if (delta?.reasoning_content) sink.reasoning(delta.reasoning_content)
      if (delta?.content) sink.text(delta.content)
    },
    text: (body) => completion.parse(body).choices[0]?.message?.content ?? '',
  })
