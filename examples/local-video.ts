// A video on this machine.
import { fromFile } from '@dualscope/core/node'

import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const { text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'video', video: await fromFile(new URL('media/test-pattern.mp4', import.meta.url)), fps: 2 },
        { type: 'text', text: 'What is the content of this video?' },
      ],
    },
  ],
})

console.log(text)
