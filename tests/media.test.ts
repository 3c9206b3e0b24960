import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { compatible } from '@dualscope/compatible'
import { createClient, type ContentPart, type TransportOptions } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'
import { dashscope } from '@dualscope/dashscope'
import { createMock } from '@dualscope/testing'
import { expect, test } from 'vitest'

const media = join(import.meta.dirname, '../examples/media')
const protocols = [compatible, dashscope]

/** Sends one user message on the mock; gives back what arrived. */
async function send(
  content: readonly ContentPart[],
  {
    connect = dashscope,
    model = 'kimi-k2.5',
    uploads,
    ...options
  }: TransportOptions & { connect?: typeof compatible; model?: string; uploads?: string[] } = {},
) {
  const mock = createMock({ uploads })
  const client = createClient({ transport: connect({ apiKey: 'test', fetch: mock.fetch, ...options }), model })
  const failure: unknown = await client.chat({ messages: [{ role: 'user', content }] }).then(
    () => undefined,
    (error: unknown) => error,
  )
  const bodies = mock.requests.filter(({ endpoint }) => endpoint === 'chat').map(({ body }) => JSON.stringify(body))
  return { failure, requests: mock.requests, body: bodies[0] ?? '' }
}

function failing(code: string, message: RegExp): unknown {
  return expect.objectContaining({ code, message: expect.stringMatching(message) as string })
}

/** A picture that is nothing but a header of the given size. */
function bitmap(width: number, height: number): Blob {
  const header = new DataView(new ArrayBuffer(54))
  new Uint8Array(header.buffer).set([0x42, 0x4d])
  header.setUint32(14, 40, true)
  header.setInt32(18, width, true)
  header.setInt32(22, height, true)
  return new Blob([header])
}

function png(width: number, height: number, type = ''): Blob {
  const header = new DataView(new ArrayBuffer(33))
  new Uint8Array(header.buffer).set([
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52,
  ])
  header.setUint32(16, width)
  header.setUint32(20, height)
  return new Blob([header], { type })
}

test.each(protocols)('%o sends every kind of URL as it is', async (connect) => {
  const urls = [
    'https://example.com/a.png?x=1#y',
    'http://example.com/a.png',
    'data:image/png;base64,iVBORw0KGgo=',
    'oss://dashscope-instant/a.png',
  ]
  const { failure, requests, body } = await send(
    urls.map((image) => ({ type: 'image', image })),
    { connect, uploads: ['oss://dashscope-instant/a.png'] },
  )
  expect(failure).toBeUndefined()
  expect(requests[0]?.issues).toEqual([])
  for (const url of urls) expect(body).toContain(JSON.stringify(url))
})

test.each(protocols)('%o asks the service to look up oss: URLs, and only then', async (connect) => {
  const frames = [
    'https://example.com/1.png',
    'https://example.com/2.png',
    'https://example.com/3.png',
    'oss://a/4.png',
  ]
  const stored = await send([{ type: 'frames', frames }], { connect })
  expect(stored.requests[0]?.headers['x-dashscope-ossresourceresolve']).toBe('enable')
  const text = await send([{ type: 'text', text: 'oss://a/b.png' }], { connect })
  expect(text.requests[0]?.headers).not.toHaveProperty('x-dashscope-ossresourceresolve')
})

// Every one of them names a file that exists, or would.
test.each([
  new URL(import.meta.url).pathname,
  import.meta.url,
  new URL(import.meta.url),
  'file:///etc/passwd',
  'FILE:///etc/passwd',
  ' file:///etc/passwd',
  'file://D:/images/test.png',
  'C:\\images\\test.png',
  'C:/images/test.png',
  '\\\\server\\share\\a.png',
  './package.json',
  'package.json',
  '~/a.png',
  '',
  'https://',
  'https:package.json',
  'ftp://example.com/a.png',
  'blob:https://example.com/1',
  'javascript:1',
])('no string is read from disk: %s is refused and points to fromFile', async (image) => {
  const fine = 'https://example.com/a.png'
  for (const connect of protocols) {
    const parts: ContentPart[] = [
      { type: 'image', image },
      { type: 'video', video: image },
      { type: 'frames', frames: [fine, fine, fine, image] },
    ]
    for (const part of parts) {
      const { failure, requests } = await send([{ type: 'text', text: 'a' }, part], { connect, validate: false })
      expect(failure).toEqual(failing('media', /^messages\[0\]\.content\[1\]\.(image|video|frames\[3\]): .*fromFile/s))
      expect(requests).toEqual([])
    }
  }
})

test('a text that names a file stays a text', async () => {
  const { requests, body } = await send([
    { type: 'text', text: import.meta.url },
    { type: 'text', text: '/etc/passwd' },
  ])
  expect(requests).toHaveLength(1)
  expect(body).toContain('"text":"/etc/passwd"')
})

test.each([
  ['house.png', 'image', 'image/png'],
  ['ball-1.jpg', 'image', 'image/jpeg'],
  ['test-pattern.mp4', 'video', 'video/mp4'],
] as const)('%s goes inline as it is on disk, by its name or by its first bytes', async (name, type, mime) => {
  const bytes = await readFile(join(media, name))
  const file = await fromFile(join(media, name))
  for (const source of [file, new Blob([bytes]), new File([bytes], 'unnamed'), new Blob([bytes], { type: mime })]) {
    for (const connect of protocols) {
      const part = { type, [type]: source } as unknown as ContentPart
      const { failure, requests } = await send([part], { connect })
      expect(failure).toBeUndefined()
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      expect(requests[0]?.media).toMatchObject([{ type, sources: [{ mediaType: mime, bytes: bytes.length, sha256 }] }])
    }
  }
})

test('the messages of the caller stay as they are', async () => {
  const image = await fromFile(join(media, 'house.png'))
  const content = [{ type: 'image', image }] as const
  await send(content)
  expect(content).toEqual([{ type: 'image', image }])
  expect(content[0].image).toBe(image)
})

test.each([
  [png(10, 100), /each side must be over 10 px, got 10 x 100/],
  [png(100, 10, 'image/png'), /over 10 px/],
  [png(11, 2201), /200 times.*got 11 x 2201/],
  [bitmap(3841, 2160), /above 4K.*image\/jpeg, image\/png, got image\/bmp of 3841 x 2160/],
  [new Blob(['GIF89a'], { type: 'image/gif' }), /must be one of image\/bmp, .*got image\/gif/],
  [new File(['<svg/>'], 'a.svg'), /got image\/svg\+xml/],
  [new Blob([new Uint8Array(10 * 2 ** 20 + 1)], { type: 'image/png' }), /at most 10485760 bytes, got 10485761/],
  [new Blob([]), /empty/],
  [new Blob(['hello']), /the kind of file is unknown/],
])('an image outside the limits is refused before anything is sent (%#)', async (image, message) => {
  for (const media of ['auto', 'inline', 'upload'] as const) {
    const { failure, requests } = await send([{ type: 'image', image }], { media })
    expect(failure).toEqual(failing('media', message))
    expect(failure).toEqual(failing('media', /^messages\[0\]\.content\[0\]\.image: /))
    expect(requests).toEqual([])
  }
})

test.each([png(11, 2200), png(11, 11, 'image/png'), png(7680, 4320), bitmap(3840, 2160), bitmap(2160, -3840)])(
  'an image within the limits passes (%#)',
  async (image) => {
    expect((await send([{ type: 'image', image }])).failure).toBeUndefined()
  },
)

test('an image whose size cannot be read is left to the service', async () => {
  for (const bytes of [new Uint8Array(1000), new TextEncoder().encode('hello'), new Uint8Array([0xff, 0xd8, 0xff])]) {
    const { failure } = await send([{ type: 'image', image: new Blob([bytes], { type: 'image/jpeg' }) }])
    expect(failure).toBeUndefined()
  }
})

test('a frame is an image, and is named by its number', async () => {
  const frames = [png(20, 20), png(20, 20), png(20, 20), png(5, 5)]
  const { failure } = await send([{ type: 'frames', frames }])
  expect(failure).toEqual(failing('media', /^messages\[0\]\.content\[0\]\.frames\[3\]: each side/))
})

test('a video may have 100 MB, and must be one', async () => {
  const large = new Blob([new Uint8Array(100 * 2 ** 20 + 1)], { type: 'video/mp4' })
  const { failure } = await send([{ type: 'video', video: large }])
  expect(failure).toEqual(failing('media', /at most 104857600 bytes, got 104857601/))
  const picture = await send([{ type: 'video', video: png(20, 20) }])
  expect(picture.failure).toEqual(failing('media', /must be a video, got image\/png/))
})

test('a model that the catalogue does not know takes what the service takes, and so does any with validate: false', async () => {
  const image = new Blob(['GIF89a'], { type: 'image/gif' })
  expect((await send([{ type: 'image', image }], { model: 'qwen-vl-new' })).failure).toBeUndefined()
  expect((await send([{ type: 'image', image }], { validate: false })).failure).toBeUndefined()
})

/** A data URL of 22 characters and four for each group. */
function dataUrl(groups: number) {
  return `data:video/mp4;base64,${'AAAA'.repeat(groups)}`
}
const limit = 10_485_760

test('data URLs fill the limit of a request, and are uploaded above that, like other bytes', async () => {
  const inline = await send([{ type: 'video', video: dataUrl((limit - 24) / 4) }])
  expect(inline.failure).toBeUndefined()
  expect(inline.requests.map(({ endpoint }) => endpoint)).toEqual(['chat'])
  const uploaded = await send([
    { type: 'video', video: dataUrl((limit - 24) / 4) },
    { type: 'video', video: dataUrl(1000) },
  ])
  expect(uploaded.failure).toBeUndefined()
  expect(uploaded.requests.map(({ endpoint }) => endpoint)).toContain('upload')
})

// A data URL is `data:video/mp4;base64,` and four characters for three bytes.
const fitting = new Blob([new Uint8Array(((limit - 22) / 4 - 0.5) * 3)], { type: 'video/mp4' })
const tooLong = new Blob([new Uint8Array(((limit - 22) / 4 + 0.5) * 3)], { type: 'video/mp4' })

test('bytes go inline while they fit, and are uploaded above that', async () => {
  const inline = await send([{ type: 'video', video: fitting }])
  expect(inline.failure).toBeUndefined()
  expect(inline.requests.map(({ endpoint }) => endpoint)).toEqual(['chat'])
  const uploaded = await send([{ type: 'video', video: tooLong }])
  expect(uploaded.requests.map(({ endpoint }) => endpoint)).toEqual(['policy', 'upload', 'chat'])
  expect(uploaded.requests.flatMap(({ issues }) => issues)).toEqual([])
  expect(uploaded.body).toMatch(/"video":"oss:\/\/[^"]+\.mp4"/)
})

test('with media: inline what does not fit is an error', async () => {
  const { failure, requests } = await send([{ type: 'video', video: tooLong }], { media: 'inline' })
  expect(failure).toEqual(failing('media', /^messages\[0\]\.content\[0\]\.video: .*10485762 bytes.*10485760.*'auto'/))
  expect(requests).toEqual([])
})

test('the frames of a list travel the same way', async () => {
  const bytes = 3 * 2 ** 20
  const frames = Array.from({ length: 4 }, () => new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }))
  const { failure, requests, body } = await send([
    { type: 'frames', frames },
    { type: 'image', image: await fromFile(join(media, 'house.png')) },
  ])
  expect(failure).toBeUndefined()
  expect(body.match(/oss:\/\//g)).toHaveLength(4)
  expect(body.match(/data:image\/png;base64,/g)).toHaveLength(1)
  expect(requests.map(({ endpoint }) => endpoint).toSorted()).toEqual([
    'chat',
    'policy',
    ...Array<string>(4).fill('upload'),
  ])
})

test('a field that the protocol cannot carry is refused before a byte is uploaded', async () => {
  const part: ContentPart = { type: 'video', video: fitting, maxFrames: 10 }
  const { failure, requests } = await send([part], { connect: compatible, media: 'upload' })
  expect(failure).toEqual(failing('unsupported', /maxFrames/))
  expect(requests).toEqual([])
  expect((await send([part], { connect: dashscope, media: 'upload' })).failure).toBeUndefined()
})

test('a dropped field is told once, also when something is uploaded', async () => {
  const dropped: string[] = []
  const onDrop = ({ path }: { path: string }) => dropped.push(path)
  const part: ContentPart = { type: 'video', video: fitting, maxFrames: 10 }
  await send([part], { connect: compatible, media: 'upload', unsupported: 'drop', onDrop })
  expect(dropped).toEqual(['messages[0].content[0].maxFrames'])
})

test.each<[unknown, RegExp]>([
  [Promise.resolve(new Blob()), /image: must be .*, got a promise; await it$/],
  ['./eagle.png', /image: the text looks like a path; .* use fromFile\(\)/],
  ['C:\\eagle.png', /image: the text looks like a path; .* use fromFile\(\)/],
  ['~/eagle.png', /image: the text looks like a path; .* use fromFile\(\)/],
])('the image %o is refused with what to write instead', async (image, message) => {
  const { failure, requests } = await send([{ type: 'image', image: image as string }])
  expect(String(failure)).toMatch(message)
  expect(requests).toEqual([])
})
