// The app: a weather assistant that knows one tool. It is given its client, and so does not know which protocol it speaks.
import { DualscopeError, type Client, type Message } from '@dualscope/core'

const weather = {
  name: 'weather',
  description: 'The weather of a city, now',
  input: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}

/** Answers a question; what it cannot answer it says in words that a user can read. */
export async function answer(client: Client, question: string, lookUp: (city: string) => string): Promise<string> {
  const messages: Message[] = [{ role: 'user', content: question }]
  let shown = ''
  try {
    for (let step = 0; step < 3; step += 1) {
      const stream = client.stream({ messages, tools: [weather] })
      shown = ''
      for await (const delta of stream.text()) shown += delta
      const { message, toolCalls } = await stream.result()
      if (toolCalls.length === 0) return shown
      const results = toolCalls.map(({ id, arguments: json }): Message => {
        const { city } = JSON.parse(json) as { city: string }
        return { role: 'tool', toolCallId: id, content: lookUp(city) }
      })
      messages.push(message, ...results)
    }
    return 'I am going round in circles.'
  } catch (error) {
    if (!(error instanceof DualscopeError)) throw error
    if (error.code === 'incomplete') return `${shown} … (the rest was lost)`
    return error.code === 'rate-limit'
      ? 'Too many questions; try again in a minute.'
      : `Something went wrong: ${error.code}`
  }
}
