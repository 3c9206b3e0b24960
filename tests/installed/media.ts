// Bundled by scripts/bundle-installed.ts: the media part of core is loaded on demand, which bundlers treat differently.
import { strict as assert } from 'node:assert'

import { compatible } from '@dualscope/compatible'
import { createClient } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { toJSONSchema } from 'zod'
import * as mini from 'zod/mini'

// The smallest PNG image of 20 x 20 pixels whose header is complete, without a declared type.
const image = new Blob([Buffer.from('89504e470d0a1a0a0000000d494844520000001400000014080200000002', 'hex')])

async function main() {
  for (const connect of [compatible, dashscope]) {
    let sent = ''
    async function answer(input: string | URL | Request, init?: RequestInit) {
      sent = await new Request(input, init).text()
      const message = { content: '{"planet":"Mars"}' }
      const choices = [{ index: 0, message, finish_reason: 'stop' }]
      return Response.json({ choices, output: { choices }, request_id: 'a', id: 'a' })
    }
    const client = createClient({ transport: connect({ apiKey: 'sk-bundle', fetch: answer }), model: 'kimi-k2.5' })
    const { output } = await client.chat({
      messages: [{ role: 'user', content: [{ type: 'image', image }] }],
      output: mini.object({ planet: mini.string() }),
    })
    assert.equal(output.planet, 'Mars')
    assert.match(sent, /data:image\/png;base64,/)
    const checked = await client.chat({
      messages: [{ role: 'user', content: 'In JSON?' }],
      output: JSON.parse(JSON.stringify(toJSONSchema(mini.object({ planet: mini.string() })))) as Record<
        string,
        unknown
      >,
    })
    assert.deepEqual(checked.output, { planet: 'Mars' })
  }
  console.log('media: sniffed')
}

void main()
