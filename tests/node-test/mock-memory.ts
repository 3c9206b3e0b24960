// Prints the bytes of heap that a mock holds after 30 requests of 8 MB: `node --expose-gc tests/node-test/mock-memory.ts`.
import { createMock } from '@dualscope/testing'

declare const gc: () => void

const mock = createMock()
const url = `data:image/png;base64,${'A'.repeat(8_000_000)}`
const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }]
const init = {
  method: 'POST',
  headers: { authorization: 'Bearer any', 'content-type': 'application/json' },
  body: JSON.stringify({ model: 'kimi-k2.5', messages }),
}

async function ask(): Promise<void> {
  await (await mock.fetch('https://dashscope.aliyuncs.com/compatible-mode/v1/chat/completions', init)).text()
}

await ask()
gc()
const before = process.memoryUsage().heapUsed
for (let count = 0; count < 30; count += 1) await ask()
gc()
process.stdout.write(JSON.stringify({ kept: mock.requests.length, bytes: process.memoryUsage().heapUsed - before }))
