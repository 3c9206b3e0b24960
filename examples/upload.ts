// A file by its path, which the page has for two of the native SDKs alone: here over both protocols. The bytes go from disk
// to the service's temporary storage. Without `media: 'upload'` that happens only to what is too large to go inline.
import { fromFile } from '@dualscope/core/node'

import { connect } from './connect.ts'

const client = connect('kimi-k2.5', [], { media: 'upload' })
const { text } = await client.chat(
  {
    messages: [
      {
        role: 'user',
        content: [
          { type: 'video', video: await fromFile(new URL('media/test-pattern.mp4', import.meta.url)), fps: 2 },
          { type: 'image', image: await fromFile(new URL('media/house.png', import.meta.url)) },
          { type: 'text', text: 'What do the video and the image have in common?' },
        ],
      },
    ],
  },
  { onUploadProgress: ({ name, loaded, total }) => console.error(`${name}: ${loaded} of ${total} bytes`) },
)

console.log(text)
