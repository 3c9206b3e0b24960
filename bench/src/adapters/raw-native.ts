import { model, type Connect } from '../adapter.ts'
import { paths } from '../scenario.ts'
import { raw } from './raw.ts'

interface Frame {
  output: { choices: { message: { content: { text: string }[]; reasoning_content?: string } }[] }
}

export const connect: Connect = (options) => {
  const { cumulative = false } = options
  return raw(options, {
    path: paths.native,
    streamHeaders: { accept: 'text/event-stream', 'x-dashscope-sse': 'enable' },
    body: (content, stream) => ({
      model,
      input: { messages: [{ role: 'user', content: typeof content === 'string' ? [{ text: content }] : content }] },
      parameters: stream ? { incremental_output: !cumulative, enable_thinking: true } : {},
    }),
    videoContent: (url) => [{ video: url }],
    reader(sink) {
      const seen = { reasoning: 0, text: 0 }
      return (event) => {
        const data = event.slice(event.indexOf('\ndata:') + '\ndata:'.length)
        const message = (JSON.parse(data) as Frame).output.choices[0]?.message
        let reasoning = message?.reasoning_content ?? ''
        let text = message?.content[0]?.text ?? ''
        if (cumulative) {
          const before = { ...seen }
          seen.reasoning = reasoning.length
          seen.text = text.length
          reasoning = reasoning.slice(before.reasoning)
          text = text.slice(before.text)
        }
        if (reasoning) sink.reasoning(reasoning)
        if (text) sink.text(text)
      }
    },
    text: (body) => (JSON.parse(body) as Frame).output.choices[0]?.message.content[0]?.text ?? '',
  })
}
