// Captions a folder of images, four at once. The files stay on disk until they are sent, and a failure stops only its own image.
import { readdir } from 'node:fs/promises'

import { runBatch, type BatchItem } from '@dualscope/batch'
import { fromFile } from '@dualscope/core/node'

import { connect } from './connect.ts'

const folder = new URL('media/', import.meta.url)

/** Opens one image after the other: the batch reads no further ahead than it must. */
async function* readImages(): AsyncGenerator<BatchItem> {
  for (const name of await readdir(folder)) {
    if (!/\.(jpg|png)$/.test(name)) continue
    const image = await fromFile(new URL(name, folder))
    const text = 'Write a caption of at most ten words for this image.'
    const content = [
      { type: 'image' as const, image },
      { type: 'text' as const, text },
    ]
    yield { id: name, request: { messages: [{ role: 'user', content }] } }
  }
}

for await (const answer of runBatch(readImages(), { client: connect('kimi-k2.5'), concurrency: 4 })) {
  console.log(`${answer.id}: ${'result' in answer ? answer.result.text : answer.error.message}`)
}
