import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

import { expect, test } from 'vitest'

import { captureResponse } from './capture-response.ts'

test('a reader that leaves before the last bytes are sent ends the recording as aborted', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  client.pause()
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  const [, reply] = (await once(server, 'request')) as [IncomingMessage, ServerResponse]
  // The client reads nothing, so once the buffers of the system are full, the next bytes stay pending.
  while (reply.socket?.writableLength === 0) {
    reply.socket.write(Buffer.alloc(8192))
    await setImmediate()
  }
  const answer = Object.assign(Readable.from([Buffer.from('{}')]), { headers: {}, statusCode: 200 })
  const captured = captureResponse(answer, reply, false)
  await expect.poll(() => reply.writableEnded).toBe(true)
  client.resetAndDestroy()
  expect((await captured).render('').end).toBe('aborted')
  server.close()
}, 5000)
