// The AI SDK over either protocol: an agent with a tool, then data from a video. DUALSCOPE_PROTOCOL chooses the protocol.
import { createDualscope } from '@dualscope/ai-sdk'
import { createMock } from '@dualscope/testing'
import { generateText, isStepCount, Output, streamText, tool } from 'ai'
import * as z from 'zod'

// Model Studio with DASHSCOPE_API_KEY, else a mock of it within this process, which says these lines.
const mock = createMock()
mock.use([
  {
    reasoning: 'I need both planets.',
    toolCalls: [
      { name: 'dayLength', arguments: '{"planet":"Venus"}' },
      { name: 'dayLength', arguments: '{"planet":"Mars"}' },
    ],
  },
  { text: ['A day is longer on Venus: ', '2802 hours, ', 'on Mars 24.7.'] },
  { text: '{"summary":"Four players pass a ball.","people":4}' },
])
const dualscope = createDualscope(process.env['DASHSCOPE_API_KEY'] ? {} : { apiKey: 'mock', fetch: mock.fetch })
const model = dualscope('kimi-k2.5')

const hours = { Venus: 2802, Mars: 24.7 }
const dayLength = tool({
  description: 'How many hours a day takes on a planet',
  inputSchema: z.object({ planet: z.enum(['Venus', 'Mars']) }),
  execute: ({ planet }) => hours[planet],
})
const answer = streamText({
  model,
  prompt: 'On which planet is a day longer, Venus or Mars?',
  tools: { dayLength },
  stopWhen: isStepCount(5),
  providerOptions: { dualscope: { thinking: { budget: 2000 }, parallelToolCalls: true } },
})
for await (const delta of answer.textStream) process.stdout.write(delta)
const { totalTokens } = await answer.usage
console.log(`\n(${(await answer.steps).length} steps, ${totalTokens ?? 'unknown'} tokens)`)

const { output } = await generateText({
  model,
  messages: [
    {
      role: 'user',
      content: [
        {
          type: 'file',
          mediaType: 'video/mp4',
          data: new URL('https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20241115/cqqkru/1.mp4'),
          providerOptions: { dualscope: { fps: 2 } },
        },
        { type: 'text', text: 'What happens, and how many people are there?' },
      ],
    },
  ],
  output: Output.object({ schema: z.object({ summary: z.string(), people: z.number() }) }),
})
console.log(`${output.summary} (${output.people} people)`)
