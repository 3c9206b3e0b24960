import { readFile } from 'node:fs/promises'

import OpenAI from 'openai'

import { apiKey, model, question, type Connect } from '../adapter.ts'

export const connect: Connect = ({ baseUrl }) => {
  const client = new OpenAI({ apiKey, baseURL: `${baseUrl}/compatible-mode/v1` })

  async function ask(content: string | OpenAI.ChatCompletionContentPart[]): Promise<string> {
    const completion = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
    return completion.choices[0]?.message.content ?? ''
  }

  return {
    async stream(sink) {
      const stream = await client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: question }],
        stream: true,
        stream_options: { include_usage: true },
      })
      for await (const chunk of stream) {
        // Reasoning is not among its types.
        const delta: { content?: string | null; reasoning_content?: string | null } | undefined =
          chunk.choices[0]?.delta
        if (delta?.reasoning_content) sink.reasoning(delta.reasoning_content)
        if (delta?.content) sink.text(delta.content)
      }
    },
    call: () => ask(question),
    async video(path) {
      const url = `data:video/mp4;base64,${(await readFile(path)).toString('base64')}`
      // Nor are videos.
      return ask([{ type: 'video_url', video_url: { url } } as unknown as OpenAI.ChatCompletionContentPart])
    },
  }
}
