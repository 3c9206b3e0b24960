// Calls the route handler of ai-sdk-route/route.ts as a page with `useChat` does, without a server in between.
import { createDualscope } from '@dualscope/ai-sdk'
import { createMock } from '@dualscope/testing'
import { DefaultChatTransport, readUIMessageStream, type UIMessage } from 'ai'

import { createRoute } from './ai-sdk-route/route.ts'

const mock = createMock()
const dualscope = createDualscope(process.env['DASHSCOPE_API_KEY'] ? {} : { apiKey: 'mock', fetch: mock.fetch })
const POST = createRoute(dualscope)

const page = new DefaultChatTransport({
  api: 'http://localhost/api/chat',
  fetch: (url, init) => POST(new Request(url, init)),
})
const messages: UIMessage[] = [{ id: '1', role: 'user', parts: [{ type: 'text', text: 'Who are you?' }] }]
const stream = await page.sendMessages({
  trigger: 'submit-message',
  chatId: 'example',
  messageId: undefined,
  messages,
  abortSignal: undefined,
})
let answer: UIMessage | undefined
for await (const message of readUIMessageStream({ stream })) answer = message
for (const part of answer?.parts ?? []) {
  if (part.type === 'reasoning') console.log(`(${part.text})`)
  if (part.type === 'text') console.log(part.text)
}
