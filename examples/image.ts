// The page's first multimodal example: one picture by its URL, with thinking on.
import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const { reasoning, text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What scene is depicted in the image?' },
        {
          type: 'image',
          image:
            'https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20241022/emyrja/dog_and_girl.jpeg',
        },
      ],
    },
  ],
  thinking: true,
})

console.log(`${'='.repeat(20)}Thinking Process${'='.repeat(20)}\n\n${reasoning}\n`)
console.log(`${'='.repeat(20)}Complete Response${'='.repeat(20)}\n\n${text}`)
