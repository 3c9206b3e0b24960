// Captions a folder of images, four at once: `node caption-images.ts photos`. The files stay on disk until they are sent, and a
// failure stops only its own image.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { runBatch, type BatchItem } from '@dualscope/batch'
import { fromFile } from '@dualscope/core/node'

import { connect } from './connect.ts'

const folder = process.argv[2] ?? fileURLToPath(new URL('media', import.meta.url))

/** Opens one image after the other: the batch reads no further ahead than it must. */
async function* readImages(): AsyncGenerator<BatchItem> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const { name } = entry
    if (!entry.isFile() || !/\.(jpe?g|png|webp)$/i.test(name)) continue
    const image = await fromFile(join(folder, name))
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
