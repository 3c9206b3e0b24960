// Frames on this machine: a ball that flies.
import { fromFile } from '@dualscope/core/node'

import { connect } from './connect.ts'

const frames = await Promise.all(
  [1, 2, 3, 4].map((number) => fromFile(new URL(`media/ball-${number}.jpg`, import.meta.url))),
)

const client = connect('kimi-k2.5')
const { text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'frames', frames, fps: 2 },
        { type: 'text', text: 'Describe the specific process of this video' },
      ],
    },
  ],
})

console.log(text)
