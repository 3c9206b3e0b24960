// The provider as an application uses it. `ai` checks its own types only with skipLibCheck: true.
import assert from 'node:assert/strict'

import { createDualscope } from '@dualscope/ai-sdk'
import { createMock } from '@dualscope/testing'
import { generateText, Output, streamText } from 'ai'
import { z } from 'zod'

for (const protocol of ['compatible', 'dashscope'] as const) {
  const mock = createMock()
  mock.use([{ text: '{"planet":"Mars"}' }, { reasoning: 'Hm.', text: 'Hello!' }])
  const dualscope = createDualscope({ apiKey: 'sk-install', protocol, fetch: mock.fetch })
  const output = Output.object({ schema: z.object({ planet: z.string() }) })
  const generated = await generateText({ model: dualscope('kimi-k2.5'), prompt: 'A planet?', output })
  assert.equal(generated.output.planet, 'Mars')
  const streamed = streamText({ model: dualscope('kimi-k2.5'), prompt: 'Hi', reasoning: 'low' })
  assert.equal(await streamed.text, 'Hello!')
  assert.deepEqual(
    mock.requests.flatMap(({ issues }) => issues),
    [],
  )
}
console.log('ai-sdk: answered')
