import type { LanguageModelV4Prompt, LanguageModelV4ToolResultOutput, SharedV4Warning } from '@ai-sdk/provider'
import { expect, test } from 'vitest'

import { toMessages } from './messages.ts'

async function translate(prompt: LanguageModelV4Prompt) {
  const warnings: SharedV4Warning[] = []
  const messages = await toMessages(prompt, warnings)
  return { messages, warnings }
}

function image(url: string, dualscope?: Record<string, string | number | boolean>) {
  const data = { type: 'url' as const, url: new URL(url) }
  return { type: 'file' as const, mediaType: 'image', data, ...(dualscope && { providerOptions: { dualscope } }) }
}

async function contentOf(...content: Extract<LanguageModelV4Prompt[number], { role: 'user' }>['content']) {
  const { messages } = await translate([{ role: 'user', content }])
  return messages[0]?.content
}

test('system, user, assistant and tool messages keep their order and their words', async () => {
  const { messages, warnings } = await translate([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: './cat.png' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'Two ' },
        { type: 'reasoning', text: 'calls.' },
        { type: 'text', text: 'I look.' },
        { type: 'tool-call', toolCallId: '1', toolName: 'weather', input: { city: 'Ulm' } },
        { type: 'tool-call', toolCallId: '2', toolName: 'now', input: undefined },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: '1', toolName: 'weather', output: { type: 'text', value: 'sunny' } },
        { type: 'tool-result', toolCallId: '2', toolName: 'now', output: { type: 'json', value: { hour: 12 } } },
      ],
    },
  ])
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: './cat.png' },
    {
      role: 'assistant',
      content: 'I look.',
      reasoning: 'Two calls.',
      toolCalls: [
        { id: '1', name: 'weather', arguments: '{"city":"Ulm"}' },
        { id: '2', name: 'now', arguments: '{}' },
      ],
    },
    { role: 'tool', toolCallId: '1', content: 'sunny' },
    { role: 'tool', toolCallId: '2', content: '{"hour":12}' },
  ])
  expect(warnings).toEqual([])
})

test.each<[LanguageModelV4ToolResultOutput, string]>([
  [{ type: 'text', value: 'plain' }, 'plain'],
  [{ type: 'json', value: [1, null] }, '[1,null]'],
  [{ type: 'error-text', value: 'No such city' }, 'No such city'],
  [{ type: 'error-json', value: { code: 4 } }, '{"code":4}'],
  [{ type: 'execution-denied', reason: 'Not now.' }, 'Not now.'],
  [{ type: 'execution-denied' }, 'The user denied the execution of this tool.'],
  [
    {
      type: 'content',
      value: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    },
    'a\nb',
  ],
])('the tool result %o becomes the text "%s"', async (output, text) => {
  const { messages } = await translate([
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: '1', toolName: 'weather', output }] },
  ])
  expect(messages).toEqual([{ role: 'tool', toolCallId: '1', content: text }])
})

test('images in tool results go into a user message behind all results, with a warning', async () => {
  const output: LanguageModelV4ToolResultOutput = {
    type: 'content',
    value: [{ type: 'text', text: 'The page:' }, image('https://example.com/shot.png')],
  }
  const { messages, warnings } = await translate([
    {
      role: 'tool',
      content: [
        { type: 'tool-result', toolCallId: '1', toolName: 'screenshot', output },
        { type: 'tool-result', toolCallId: '2', toolName: 'now', output: { type: 'text', value: 'noon' } },
      ],
    },
  ])
  expect(messages).toEqual([
    {
      role: 'tool',
      toolCallId: '1',
      content: 'The page:\nThe next message of the user shows the media of this result.',
    },
    { role: 'tool', toolCallId: '2', content: 'noon' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'The media of the result of screenshot:' },
        { type: 'image', image: new URL('https://example.com/shot.png') },
      ],
    },
  ])
  expect(warnings).toMatchObject([{ type: 'compatibility', feature: 'media in tool results' }])
})

test('files by URL, bytes, Base64, reference and text become the parts that they are', async () => {
  const bytes = new Uint8Array([1, 2, 3])
  const content = await contentOf(
    image('oss://bucket/a.png'),
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: bytes } },
    { type: 'file', mediaType: 'image/*', data: { type: 'data', data: 'AQID' } },
    { type: 'file', mediaType: 'video', data: { type: 'reference', reference: { dualscope: 'oss://bucket/a.mp4' } } },
    { type: 'file', mediaType: 'text/plain', data: { type: 'data', data: 'SGFsbG8=' } },
    { type: 'file', mediaType: 'text/markdown', data: { type: 'text', text: '# Hi' } },
  )
  expect(content).toEqual([
    { type: 'image', image: new URL('oss://bucket/a.png') },
    { type: 'image', image: expect.any(Blob) as Blob },
    { type: 'image', image: expect.any(Blob) as Blob },
    { type: 'video', video: 'oss://bucket/a.mp4' },
    { type: 'text', text: 'Hallo' },
    { type: 'text', text: '# Hi' },
  ])
  const parts = typeof content === 'string' ? [] : (content ?? [])
  const blobs = parts.flatMap((part) => (part.type === 'image' && part.image instanceof Blob ? [part.image] : []))
  expect(blobs.map(({ type, size }) => [type, size])).toEqual([
    ['image/png', 3],
    ['', 3],
  ])
})

test('options of a part go with it, and a mark on a message goes to its last part', async () => {
  const { messages } = await translate([
    { role: 'system', content: 'Long.', providerOptions: { dualscope: { cache: true } } },
    {
      role: 'user',
      content: [
        {
          type: 'file',
          mediaType: 'video/mp4',
          data: { type: 'url', url: new URL('https://example.com/a.mp4') },
          providerOptions: { dualscope: { fps: 4, maxFrames: 100 } },
        },
        { type: 'text', text: 'What happens?' },
      ],
      providerOptions: { dualscope: { cache: true } },
    },
    { role: 'assistant', content: [{ type: 'text', text: 'A' }], providerOptions: { dualscope: { partial: true } } },
  ])
  expect(messages).toEqual([
    { role: 'system', content: [{ type: 'text', text: 'Long.', cache: true }] },
    {
      role: 'user',
      content: [
        { type: 'video', video: new URL('https://example.com/a.mp4'), fps: 4, maxFrames: 100 },
        { type: 'text', text: 'What happens?', cache: true },
      ],
    },
    { role: 'assistant', content: 'A', partial: true },
  ])
})

test('consecutive images of one name are the frames of one video', async () => {
  const frame = (name: string, index: number, more = {}) =>
    image(`https://example.com/${name}${index}.jpg`, { frameOf: name, ...more })
  const content = await contentOf(
    frame('a', 1, { fps: 0.5 }),
    frame('a', 2),
    image('https://example.com/still.jpg'),
    frame('b', 1),
    frame('b', 2, { cache: true }),
    frame('a', 3),
  )
  expect(content).toEqual([
    { type: 'frames', frames: ['a1', 'a2'].map((name) => new URL(`https://example.com/${name}.jpg`)), fps: 0.5 },
    { type: 'image', image: new URL('https://example.com/still.jpg') },
    { type: 'frames', frames: ['b1', 'b2'].map((name) => new URL(`https://example.com/${name}.jpg`)), cache: true },
    { type: 'frames', frames: [new URL('https://example.com/a3.jpg')] },
  ])
})

test('what an assistant message cannot hold is a warning', async () => {
  const data = { type: 'data' as const, data: 'AQID' }
  const { messages, warnings } = await translate([
    {
      role: 'assistant',
      content: [
        { type: 'text', text: 'Here.' },
        { type: 'file', mediaType: 'image/png', data },
        { type: 'reasoning-file', mediaType: 'image/png', data },
        { type: 'custom', kind: 'other.thing' },
        { type: 'tool-call', toolCallId: '1', toolName: 'run', input: {}, providerExecuted: true },
      ],
      providerOptions: { dualscope: { cache: true } },
    },
    { role: 'tool', content: [{ type: 'tool-approval-response', approvalId: '1', approved: true }] },
  ])
  expect(messages).toEqual([{ role: 'assistant', content: 'Here.' }])
  expect(warnings.map((warning) => 'feature' in warning && warning.feature)).toEqual([
    'prompt[0]: cache',
    'prompt[0].content[1]: file',
    'prompt[0].content[2]: reasoning-file',
    'prompt[0].content[3]: custom',
    'prompt[0].content[4]: tool-call of another provider',
    'prompt[1].content[0]: tool-approval-response',
  ])
})

test.each([
  [{ type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: 'AQID' } }, /application\/pdf/],
  [
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: './cat.png' } },
    /content\[0\]: the data is not Base64/,
  ],
  [
    { type: 'file', mediaType: 'image/png', data: { type: 'reference', reference: { openai: 'file-1' } } },
    /no URL under "dualscope"/,
  ],
  [{ type: 'file', mediaType: 'image/png', data: { type: 'text', text: 'a' } }, /image\/png as text/],
  [
    image('https://example.com/a.png', { fps: 2 }),
    /content\[0\]: providerOptions\.dualscope\.fps has no meaning for an image/,
  ],
  [{ type: 'text', text: 'a', providerOptions: { dualscope: { maxFrames: 4 } } }, /maxFrames has no meaning for text/],
] as const)('the part %o is refused by its place', async (part, message) => {
  await expect(contentOf(part)).rejects.toThrow(message)
})
