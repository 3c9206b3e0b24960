import type { ChatRequest, ContentPart } from '@dualscope/core'

const files = 'https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN'
const picture: ContentPart = { type: 'image', image: `${files}/20241022/emyrja/dog_and_girl.jpeg` }
const tiger: ContentPart = { type: 'image', image: 'https://dashscope.oss-cn-beijing.aliyuncs.com/images/tiger.png' }
const video: ContentPart = { type: 'video', video: `${files}/20241115/cqqkru/1.mp4`, fps: 2 }
const football = ['xzsgiz/football1.jpg', 'tdescd/football2.jpg', 'zefdja/football3.jpg', 'aedbqh/football4.jpg']
const frames: ContentPart = { type: 'frames', frames: football.map((name) => `${files}/20241108/${name}`), fps: 2 }

const say = (text: string): ContentPart => ({ type: 'text', text })
const ask = (...content: ContentPart[]): Pick<ChatRequest, 'model' | 'messages'> => ({
  model: 'kimi-k2.5',
  messages: [{ role: 'user', content }],
})

/**
 * The requests of the Kimi page (2026-02-05), protocol-neutral, under the scenario names of `fixtures`: what a client is
 * given so that it sends the documented request of either protocol.
 */
export const samples = {
  'who-are-you': { model: 'kimi-k2-thinking', messages: [{ role: 'user', content: 'Who are you?' }] },
  image: { ...ask(say('What scene is depicted in the image?'), picture), thinking: true },
  images: { ...ask(say('What do these images depict?'), picture, tiger), thinking: true },
  video: ask(video, say('What is the content of this video?')),
  frames: ask(frames, say('Describe the specific process of this video')),
} satisfies Record<string, ChatRequest>
