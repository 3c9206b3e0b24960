import assert from 'node:assert/strict'
import { test } from 'node:test'

import { createMock } from '@dualscope/testing'
import { connect } from 'dualscope'

test('the app greets', async () => {
  const mock = createMock()
  mock.use({ text: 'Hello!' })
  const client = connect({ model: 'kimi-k2.5', apiKey: 'any', fetch: mock.fetch })
  assert.equal((await client.chat('Hi')).text, 'Hello!')
})
