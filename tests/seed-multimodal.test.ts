import { compatible } from '@dualscope/compatible'
import { createClient, type ChatRequest, type Client } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock, fixtures } from '@dualscope/testing'
import { expect, test } from 'vitest'

const pictures = 'https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN'
const dogAndGirl = { type: 'image', image: `${pictures}/20241022/emyrja/dog_and_girl.jpeg` } as const
const tiger = {
  type: 'image',
  image: new URL('https://dashscope.oss-cn-beijing.aliyuncs.com/images/tiger.png'),
} as const
const clip = { type: 'video', video: `${pictures}/20241115/cqqkru/1.mp4`, fps: 2 } as const
const football = ['xzsgiz/football1', 'tdescd/football2', 'zefdja/football3', 'aedbqh/football4']

function ask(content: ChatRequest['messages'][number]['content'], thinking?: true): ChatRequest {
  return {
    messages: [{ role: 'user', content }] as ChatRequest['messages'],
    ...(thinking && { thinking }),
  }
}
function text(words: string) {
  return { type: 'text', text: words } as const
}

const samples = {
  image: ask([text('What scene is depicted in the image?'), dogAndGirl], true),
  images: ask([text('What do these images depict?'), dogAndGirl, tiger], true),
  video: ask([clip, text('What is the content of this video?')]),
  frames: ask([
    { type: 'frames', frames: football.map((name) => `${pictures}/20241108/${name}.jpg`), fps: 2 },
    text('Describe the specific process of this video'),
  ]),
} satisfies Record<keyof typeof fixtures.compatible & keyof typeof fixtures.dashscope, ChatRequest> | object

type Name = keyof typeof samples

async function bodyOf(connect: typeof compatible, call: (client: Client) => Promise<unknown>): Promise<unknown> {
  const mock = createMock()
  await call(createClient({ transport: connect({ apiKey: 'test', fetch: mock.fetch }), model: 'kimi-k2.5' }))
  expect(mock.requests.map(({ issues }) => issues)).toEqual([[]])
  return mock.requests[0]?.body
}

const names = Object.keys(samples) as Name[]

test.each(names)('%s: the compatible body is that of the page; what thinks is streamed', async (name) => {
  const page = JSON.parse(fixtures.compatible[name].request) as Record<string, unknown>
  // The page asks for thinking without a stream, which the service cuts at 300 s.
  const { stream: _, ...rest } = page
  const streamed = 'thinking' in samples[name] ? { stream: true, stream_options: { include_usage: true } } : {}
  expect(await bodyOf(compatible, (client) => client.chat(samples[name]))).toEqual({ ...rest, ...streamed })
})

test.each(names)(
  '%s: the native body is that of the page, with the parameters that make answers alike',
  async (name) => {
    const page = JSON.parse(fixtures.dashscope[name].request) as { parameters?: object }
    const parameters = {
      ...page.parameters,
      result_format: 'message',
      ...('thinking' in samples[name] && { incremental_output: true }),
    }
    expect(await bodyOf(dashscope, (client) => client.chat(samples[name]))).toEqual({ ...page, parameters })
  },
)

test.each(names)('%s: a stream differs from the page in the stream alone', async (name) => {
  const stream = (client: Client) => client.stream(samples[name]).result()
  const page = JSON.parse(fixtures.compatible[name].request) as object
  const added = { stream: true, stream_options: { include_usage: true } }
  expect(await bodyOf(compatible, stream)).toEqual({ ...page, ...added })
  const native = JSON.parse(fixtures.dashscope[name].request) as { parameters?: object }
  const parameters = { ...native.parameters, result_format: 'message', incremental_output: true }
  expect(await bodyOf(dashscope, stream)).toEqual({ ...native, parameters })
})

const everyPart = [tiger, clip, text('a'), dogAndGirl, text('b')] as const

test.each([true, false, undefined])('every mixture of parts keeps its order, thinking %j', async (thinking) => {
  const request: ChatRequest = { messages: [{ role: 'user', content: everyPart }], thinking }
  const native = await bodyOf(dashscope, (client) => client.chat(request))
  const video = { video: clip.video, fps: 2 }
  const [first, second] = [tiger.image.href, dogAndGirl.image]
  expect(native).toMatchObject({
    input: {
      messages: [{ role: 'user', content: [{ image: first }, video, { text: 'a' }, { image: second }, { text: 'b' }] }],
    },
  })
  const body = await bodyOf(compatible, (client) => client.chat(request))
  expect(body).toMatchObject({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: first } },
          { type: 'video_url', video_url: { url: clip.video }, fps: 2 },
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: second } },
          { type: 'text', text: 'b' },
        ],
      },
    ],
  })
  const sent = thinking === undefined ? undefined : thinking
  expect((body as { enable_thinking?: boolean }).enable_thinking).toBe(sent)
})

const sampled: ChatRequest = { messages: [{ role: 'user', content: [{ ...clip, maxFrames: 100 }] }] }

test('maxFrames stands beside the video natively', async () => {
  expect(await bodyOf(dashscope, (client) => client.chat(sampled))).toMatchObject({
    input: { messages: [{ content: [{ video: clip.video, fps: 2, max_frames: 100 }] }] },
  })
})

test('on compatible maxFrames is unsupported before anything is sent, or dropped and told', async () => {
  const mock = createMock()
  const dropped: string[] = []
  const options = { apiKey: 'test', fetch: mock.fetch }
  const strict = createClient({ transport: compatible(options), model: 'kimi-k2.5' })
  await expect(strict.chat(sampled)).rejects.toMatchObject({
    code: 'unsupported',
    message: expect.stringMatching(/^messages\[0\]\.content\[0\]\.maxFrames: .*dashscope/) as string,
  })
  expect(mock.requests).toEqual([])

  const onDrop = ({ path }: { path: string }) => dropped.push(path)
  const lenient = compatible({ ...options, unsupported: 'drop', onDrop })
  await createClient({ transport: lenient, model: 'kimi-k2.5' }).chat(sampled)
  expect(dropped).toEqual(['messages[0].content[0].maxFrames'])
  expect(JSON.stringify(mock.requests[0]?.body)).not.toContain('max_frames')
})
