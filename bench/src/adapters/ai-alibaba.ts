import { createAlibaba } from '@ai-sdk/alibaba'
import { generateText, streamText } from 'ai'

import { apiKey, model as modelId, question, type Connect } from '../adapter.ts'

export const connect: Connect = ({ baseUrl }) => {
  const model = createAlibaba({ apiKey, baseURL: `${baseUrl}/compatible-mode/v1` })(modelId)
  return {
    async stream(sink) {
      for await (const part of streamText({ model, prompt: question }).stream) {
        if (part.type === 'reasoning-delta') sink.reasoning(part.text)
        else if (part.type === 'text-delta') sink.text(part.text)
        else if (part.type === 'error') throw part.error
      }
    },
    async call() {
      const { text } = await generateText({ model, prompt: question })
      return text
    },
  }
}
