import { readFile } from 'node:fs/promises'

import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

import { apiKey, model as modelId, question, type Connect } from '../adapter.ts'

type Model = ReturnType<ReturnType<typeof createOpenAICompatible>>
type Prompt = Parameters<Model['doGenerate']>[0]['prompt']

/** The provider by itself: what every layer above it adds is left out. */
export const connect: Connect = ({ baseUrl }) => {
  const model = createOpenAICompatible({ name: 'bench', apiKey, baseURL: `${baseUrl}/compatible-mode/v1` })(modelId)
  const prompt: Prompt = [{ role: 'user', content: [{ type: 'text', text: question }] }]

  async function ask(asked: Prompt): Promise<string> {
    const { content } = await model.doGenerate({ prompt: asked })
    return content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  }

  return {
    async stream(sink) {
      const { stream } = await model.doStream({ prompt })
      for await (const part of stream) {
        if (part.type === 'reasoning-delta') sink.reasoning(part.delta)
        else if (part.type === 'text-delta') sink.text(part.delta)
        else if (part.type === 'error') throw part.error
      }
    },
    call: () => ask(prompt),
    async video(path) {
      const data = await readFile(path)
      return ask([{ role: 'user', content: [{ type: 'file', mediaType: 'video/mp4', data: { type: 'data', data } }] }])
    },
  }
}
