import * as z from 'zod/mini'

import { model, question, type Connect } from '../adapter.ts'
import { paths } from '../scenario.ts'
import { byHand } from './by-hand.ts'

const count = z.nullish(z.number())
const generation = z.object({
  request_id: z.nullish(z.string()),
  output: z.object({
    choices: z.array(
      z.object({
        message: z.object({
          content: z.array(z.object({ text: z.nullish(z.string()) })),
          reasoning_content: z.nullish(z.string()),
        }),
        finish_reason: z.nullish(z.string()),
      }),
    ),
  }),
  usage: z.nullish(z.object({ input_tokens: count, output_tokens: count, total_tokens: count })),
})

function messageOf(body: unknown) {
  return generation.parse(body).output.choices[0]?.message
}

export const connect: Connect = (options) => {
  const { cumulative = false } = options
  return byHand(options, {
    path: paths.native,
    streamHeaders: { accept: 'text/event-stream', 'x-dashscope-sse': 'enable' },
    body: (stream) => ({
      model,
      input: { messages: [{ role: 'user', content: [{ text: question }] }] },
      parameters: stream ? { incremental_output: !cumulative, enable_thinking: true } : {},
    }),
    reader(sink) {
      const seen = { reasoning: 0, text: 0 }
      return (data) => {
        const message = messageOf(JSON.parse(data))
        const reasoning = (message?.reasoning_content ?? '').slice(seen.reasoning)
        const text = (message?.content[0]?.text ?? '').slice(seen.text)
        if (cumulative) {
          seen.reasoning += reasoning.length
          seen.text += text.length
        }
        if (reasoning) sink.reasoning(reasoning)
        if (text) sink.text(text)
      }
    },
    text: (body) => messageOf(body)?.content[0]?.text ?? '',
  })
}
