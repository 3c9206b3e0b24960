// A video file by its URL; the service samples `fps` frames of each second.
// The native protocol supports `maxFrames` beside `fps`. The compatible one does not, and the error says so.
import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const { text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        {
          type: 'video',
          video: 'https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20241115/cqqkru/1.mp4',
          fps: 2,
        },
        { type: 'text', text: 'What is the content of this video?' },
      ],
    },
  ],
})

console.log(text)
