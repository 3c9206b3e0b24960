// A video as a list of its frames; `fps` says how many of them make a second.
import { connect } from './connect.ts'

const source = 'https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20241108'
const frames = ['xzsgiz/football1', 'tdescd/football2', 'zefdja/football3', 'aedbqh/football4']

const client = connect('kimi-k2.5')
const { text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'frames', frames: frames.map((name) => `${source}/${name}.jpg`), fps: 2 },
        { type: 'text', text: 'Describe the specific process of this video' },
      ],
    },
  ],
})

console.log(text)
