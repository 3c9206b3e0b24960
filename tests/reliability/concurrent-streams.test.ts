import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

import { expect, test } from 'vitest'

import { protocols } from './protocols.ts'

const run = promisify(execFile)
const megabyte = 1024 * 1024

test.for(protocols)(
  '1,000 streams at once over $name: none is lost, none mixed, and the heap is back where it was',
  { timeout: 60_000 },
  async (bytes) => {
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
      const prompt = /stream \d+/.exec(await text(request))?.[0] ?? ''
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const times = (Number(prompt.slice(7)) % 20) + 1
      for (let time = 0; time < times; time += 1) {
        response.write(bytes.text(`${prompt} `))
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      response.end(bytes.finish() + bytes.terminator)
    }
    const server = createServer({ keepAliveTimeout: 200 }, (request, response) => void answer(request, response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const script = new URL('concurrent-streams.ts', import.meta.url).pathname
    const { stdout } = await run(process.execPath, ['--expose-gc', script, bytes.name, url, '1000'])
    const { answered, right, heapGrowth } = JSON.parse(stdout) as Record<'answered' | 'right' | 'heapGrowth', number>
    expect({ answered, right }).toEqual({ answered: 1000, right: 1000 })
    expect(Math.abs(heapGrowth)).toBeLessThan(5 * megabyte)
    server.closeAllConnections()
    server.close()
  },
)
