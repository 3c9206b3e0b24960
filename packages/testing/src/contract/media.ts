import type { ContentPart, Message, ModelId } from '@dualscope/core'

import type { Case } from './case.ts'
import { equal, assert } from './difference.ts'
import type { Feature } from './feature.ts'
import { asRead } from './read-back.ts'
import type { Workbench } from './workbench.ts'

// A PNG of 16 x 16 orange pixels: the service requires more than 10 on each side.
const square =
  'iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mP438BAEmIY1TCqYfhqAACcdX8QL4dRqgAAAABJRU5ErkJggg=='
const bytes = Uint8Array.from(atob(square), (character) => character.charCodeAt(0))
function picture() {
  return new Blob([bytes], { type: 'image/png' })
}

const host = 'https://pictures.test'
const image: ContentPart = { type: 'image', image: `${host}/a.png?x=1&y=%20` }
const frames = ['a', 'b', 'c', 'd'].map((name) => `${host}/${name}.jpg`)
const text: ContentPart = { type: 'text', text: 'What is it?' }

function ask(...content: ContentPart[]): Message[] {
  return [{ role: 'user', content }]
}

async function refuses(
  { client, rejectsWith, requests }: Workbench,
  content: ContentPart[],
  message: RegExp,
  model?: ModelId,
) {
  const call = client({}, model).chat({ messages: ask(...content) })
  await rejectsWith(call, { code: 'unsupported', message }, 'The error')
  equal(requests.length, 0, 'Requests')
}

function arrives(name: string, needs: Feature | readonly Feature[], field: RegExp, ...content: ContentPart[]): Case {
  return {
    name: `media: ${name}`,
    needs,
    async run({ client, lastRequest }) {
      const messages = ask(...content)
      await client().chat({ messages })
      equal(lastRequest().messages, asRead(messages), 'The messages of the request')
    },
    whenUnsupported: (workbench) => refuses(workbench, content, field),
  }
}

/** Pictures and videos. */
export const mediaCases: readonly Case[] = [
  arrives(
    'pictures and texts arrive in their order',
    'images',
    /image/,
    text,
    image,
    { type: 'text', text: 'And this?' },
    {
      type: 'image',
      image: new URL(`${host}/b.png`),
    },
  ),
  arrives(
    'a data URL of an image arrives unchanged',
    'images',
    /image/,
    { type: 'image', image: `data:image/png;base64,${square}` },
    text,
  ),
  arrives(
    'the fps of a video is on the video',
    'video',
    /video/,
    { type: 'video', video: `${host}/a.mp4`, fps: 0.5 },
    text,
  ),
  arrives('a video without fps has none', 'video', /video/, text, { type: 'video', video: new URL(`${host}/a.mp4`) }),
  arrives('frames stay a list with their fps', 'frames', /frames/, { type: 'frames', frames, fps: 4 }, text),
  arrives(
    'the maxFrames of a video is on the video',
    ['maxFrames', 'video'],
    /messages\[0\]\.content\[0\]/,
    {
      type: 'video',
      video: `${host}/a.mp4`,
      fps: 2,
      maxFrames: 64,
    },
    text,
  ),
  {
    name: 'media: the cache mark of an image is sent',
    needs: ['images', 'cache'],
    async run({ client, lastRequest }) {
      const messages = ask({ ...image, cache: true }, text)
      await client().chat({ messages })
      equal(lastRequest().messages, asRead(messages), 'The messages of the request')
    },
  },
  {
    name: 'media: images are not sent to a text model',
    needs: 'images',
    run: (workbench) => refuses(workbench, [image, text], /messages\[0\]\.content\[0\]/, 'kimi-k2-thinking'),
  },
  {
    name: 'media: a path in a text is never read',
    async run({ client, rejectsWith, requests }) {
      for (const place of ['file:///etc/hosts', '/etc/hosts', './a.png']) {
        const call = client().chat({ messages: ask({ type: 'image', image: place }, text) })
        await rejectsWith(call, { code: /^(media|unsupported)$/ }, place)
      }
      equal(requests.length, 0, 'Requests')
    },
  },
  {
    name: 'media: a Blob goes inline',
    needs: ['blobs', 'images'],
    async run({ client, lastRequest, requestCount }) {
      await client().chat({ messages: ask({ type: 'image', image: picture() }, text) })
      equal(
        lastRequest().messages,
        asRead(ask({ type: 'image', image: `data:image/png;base64,${square}` }, text)),
        'The messages of the request',
      )
      equal(requestCount(), 1, 'Chats')
    },
  },
  {
    name: 'media: a Blob is uploaded once, and its URL resolved, without the key in the upload',
    needs: ['uploads', 'images'],
    async run({ client, mock, requests, key, lastRequest }) {
      const uploading = client({ media: 'upload' })
      const messages = ask({ type: 'image', image: picture() }, text)
      await uploading.chat({ messages })
      await uploading.chat({ messages })
      equal(
        mock.requests.map(({ endpoint }) => endpoint),
        ['policy', 'upload', 'chat', 'chat'],
        'The steps',
      )
      const [content] = [lastRequest().messages[0]?.['content']]
      assert(/"oss:\/\/[^"]+\.png"/.test(JSON.stringify(content)), 'The picture arrives as the URL of its upload')
      assert(
        mock.requests.at(-1)?.headers['x-dashscope-ossresourceresolve'] === 'enable',
        'The request asks the service to resolve it',
      )
      const upload = requests.find(({ url }) => new URL(url).pathname === '/mock-oss')
      assert(!JSON.stringify(upload).includes(key), 'The upload does not show the key')
    },
  },
]
