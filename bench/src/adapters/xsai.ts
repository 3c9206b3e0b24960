import { readFile } from 'node:fs/promises'

import { generateText, streamText, type Message } from 'xsai'

import { apiKey, model, question, type Connect } from '../adapter.ts'

export const connect: Connect = ({ baseUrl }) => {
  const options = { apiKey, baseURL: `${baseUrl}/compatible-mode/v1/`, model }

  async function ask(messages: Message[]): Promise<string> {
    const { text } = await generateText({ ...options, messages })
    return text ?? ''
  }

  return {
    async stream(sink) {
      const { fullStream } = streamText({ ...options, messages: [{ role: 'user', content: question }] })
      const reader = fullStream.getReader()
      for (let read = await reader.read(); !read.done; read = await reader.read()) {
        const event = read.value
        if (event.type === 'reasoning-delta') sink.reasoning(event.text)
        else if (event.type === 'text-delta') sink.text(event.text)
        else if (event.type === 'error') throw event.error
      }
    },
    call: () => ask([{ role: 'user', content: question }]),
    async video(path) {
      const url = `data:video/mp4;base64,${(await readFile(path)).toString('base64')}`
      // It passes on whatever stands in a message, though its types know no videos.
      return ask([{ role: 'user', content: [{ type: 'video_url', video_url: { url } }] }] as unknown as Message[])
    },
  }
}
