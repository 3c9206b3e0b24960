// A picture on this machine. Small files go inline, as Base64 in a data URL; the file is found beside this one.
import { fromFile } from '@dualscope/core/node'

import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const { text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'image', image: await fromFile(new URL('media/house.png', import.meta.url)) },
        { type: 'text', text: 'What scene is depicted in the image?' },
      ],
    },
  ],
})

console.log(text)
