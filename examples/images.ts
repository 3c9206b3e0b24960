// Several pictures in one message.
import { connect } from './connect.ts'

const client = connect('kimi-k2.5')
const { reasoning, text } = await client.chat({
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What do these images depict?' },
        {
          type: 'image',
          image:
            'https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN/20241022/emyrja/dog_and_girl.jpeg',
        },
        { type: 'image', image: 'https://dashscope.oss-cn-beijing.aliyuncs.com/images/tiger.png' },
      ],
    },
  ],
  thinking: true,
})

console.log(`Thinking process:\n${reasoning}\n`)
console.log(`Complete response:\n${text}`)
