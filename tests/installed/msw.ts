// As app.ts, for the part of the testing kit that needs the optional peer.
import assert from 'node:assert/strict'

import { createClient } from '@dualscope/core'
import { dashscope } from '@dualscope/dashscope'
import { createMock } from '@dualscope/testing'
import { handlers } from '@dualscope/testing/msw'
import { setupServer } from 'msw/node'

const server = setupServer(...handlers(createMock()))
server.listen()
const client = createClient({ transport: dashscope({ apiKey: 'sk-install' }), model: 'kimi-k2.5' })
assert.notEqual((await client.chat('hi')).text, '')
server.close()
console.log('msw: answered')
