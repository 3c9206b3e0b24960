/**
 * The mock as an HTTP server on the loopback interface, for programs in any language.
 *
 * @module @dualscope/testing/server
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import * as z from 'zod/mini'

import { checkOptions, expects, optionsSchema } from './check-options.ts'
import { BrokenConnection } from './faults/broken-connection.ts'
import { toHeaders } from './headers.ts'
import type { Mock } from './mock/mock.ts'

/** Options of `listen`. */
export interface ListenOptions {
  /** The port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number | undefined
}

const listenOptions = optionsSchema({ port: z.optional(expects.port) })

/** A running mock server. */
export interface ListeningMock {
  /** Its origin, as `http://127.0.0.1:4010`; pass it as `baseUrl`. */
  url: string
  /** Stops listening and closes open connections. */
  close: () => Promise<void>
}

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-expose-headers': '*',
  'access-control-max-age': '86400',
}

function toRequest(message: IncomingMessage, url: string): Request {
  const method = message.method ?? 'GET'
  const body = method === 'GET' || method === 'HEAD' ? undefined : Readable.toWeb(message)
  return new Request(new URL(message.url ?? '/', url), {
    method,
    headers: toHeaders(message.headers),
    ...(body ? { body: body as ReadableStream<Uint8Array<ArrayBuffer>>, duplex: 'half' } : {}),
  })
}

async function answer(mock: Pick<Mock, 'respond'>, message: IncomingMessage, reply: ServerResponse, url: string) {
  for (const [name, value] of Object.entries(cors)) reply.setHeader(name, value)
  if (message.method === 'OPTIONS') {
    reply.setHeader('access-control-allow-headers', message.headers['access-control-request-headers'] ?? '*')
    reply.writeHead(204).end()
    return
  }
  const abort = new AbortController()
  reply.once('close', () => abort.abort())
  const response = await mock.respond(toRequest(message, url), abort.signal)
  reply.writeHead(response.status, Object.fromEntries(response.headers))
  // The reader of a stream gets its status before the first chunk.
  reply.flushHeaders()
  if (response.body) await pipeline(response.body, reply)
  else reply.end()
}

/**
 * Serves the mock over HTTP on 127.0.0.1, for clients in any language. Streams are written as fast as they are read, and end
 * when their reader leaves. Rejects with the network error if the port is in use.
 *
 * ```ts
 * const { url, close } = await listen(createMock())
 * ```
 */
export async function listen(mock: Pick<Mock, 'respond'>, options: ListenOptions = {}): Promise<ListeningMock> {
  checkOptions(listenOptions, options, 'listen')
  const { port = 0 } = options
  const server = createServer((message, reply) => {
    answer(mock, message, reply, url).catch((error: unknown) => {
      // A fault breaks the socket, as at the service; so does any error after the head, and a client that left is gone.
      if (error instanceof BrokenConnection || reply.headersSent || reply.destroyed) return reply.destroy()
      const text = error instanceof Error ? error.message : String(error)
      return reply.writeHead(500, { 'content-type': 'text/plain' }).end(`The mock failed: ${text}\n`)
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`
  return {
    url,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}
