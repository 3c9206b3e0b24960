// An application of its own: scripts/check-install.ts compiles it against the types as published, and runs it in an empty
// folder into which the tarballs were installed. Here it is type-checked against the source as well.
import assert from 'node:assert/strict'

import { compatible } from '@dualscope/compatible'
import { createClient, DualscopeError, type ChatResult, type TransportOptions } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'
import { decodeFinishReason, omitUndefined } from '@dualscope/core/wire'
import { dashscope } from '@dualscope/dashscope'
import { createMock, fixtures } from '@dualscope/testing'
import { listen } from '@dualscope/testing/server'
import { connect, createClient as createClientOfAll } from 'dualscope'
import { z } from 'zod'

const mock = createMock()
const server = await listen(mock)
const options: TransportOptions = { apiKey: 'sk-install', baseUrl: server.url }

for (const transport of [compatible(options), dashscope(options)]) {
  const client = createClient({ transport, model: 'kimi-k2.5' })

  const stream = client.stream({ messages: [{ role: 'user', content: 'hi' }], thinking: true })
  let text = ''
  for await (const event of stream) if (event.type === 'text-delta') text += event.delta
  const result: ChatResult = await stream.result()
  assert.equal(text, result.text)
  assert.notEqual(text, '')
  assert.equal(result.protocol, transport.protocol)

  mock.use({ text: '{"planet":"Mars"}' })
  const { output } = await client.chat({
    model: 'kimi-k3',
    messages: [{ role: 'user', content: 'A planet, as json.' }],
    output: z.object({ planet: z.string() }),
  })
  const planet: string = output.planet
  assert.equal(planet, 'Mars')

  // One identity of the core, whoever throws.
  await assert.rejects(client.chat(''), (error) => error instanceof DualscopeError && error.code === 'validation')
  await assert.rejects(
    transport.send({ model: 'kimi-k2-thinking', messages: [{ role: 'user', content: 'hi' }], thinking: false }),
    (error) => error instanceof DualscopeError && error.code === 'unsupported',
  )
  console.log(`${transport.protocol}: ${text.slice(0, 60)}`)
}

for (const protocol of ['compatible', 'dashscope'] as const) {
  const { text } = await connect({ protocol, model: 'kimi-k2.5', ...options }).chat('hi')
  assert.notEqual(text, '')
}
assert.equal(createClientOfAll, createClient)
assert.equal(decodeFinishReason('tool_calls')?.finishReason, 'tool-calls')
assert.deepEqual(omitUndefined({ seed: 0, stop: undefined }), { seed: 0 })
assert.equal((await fromFile(import.meta.filename)).name, 'app.js')
assert.ok(fixtures.dashscope['who-are-you'].response)
await server.close()
