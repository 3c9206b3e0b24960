import { model, type Connect } from '../adapter.ts'
import { paths } from '../scenario.ts'
import { raw } from './raw.ts'

interface Chunk {
  choices: {
    delta?: { content?: string | null; reasoning_content?: string | null }
    message?: { content: string }
  }[]
}

export const connect: Connect = (options) =>
  raw(options, {
    path: paths.compatible,
    streamHeaders: { accept: 'text/event-stream' },
    body: (content, stream) => ({
      model,
      messages: [{ role: 'user', content }],
      ...(stream ? { stream, stream_options: { include_usage: true }, enable_thinking: true } : {}),
    }),
    videoContent: (url) => [{ type: 'video_url', video_url: { url } }],
    reader: (sink) => (event) => {
      const data = event.slice('data: '.length)
      if (data === '[DONE]') return
      const delta = (JSON.parse(data) as Chunk).choices[0]?.delta
      if (delta?.reasoning_content) sink.reasoning(delta.reasoning_content)
      if (delta?.content) sink.text(delta.content)
    },
    text: (body) => (JSON.parse(body) as Chunk).choices[0]?.message?.content ?? '',
  })
