import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'

/** A request as it arrived. */
export interface RawRequest {
  socket: Socket
  head: string
  body: string
  /** 1 for the first. */
  number: number
}

/** A server that writes bytes as it is told, so that it can break off anywhere. */
export interface RawServer {
  readonly url: string
  /** Requests so far. */
  readonly requests: number
  /** Connections so far. */
  readonly connections: number
  /** Waits until no connection is open; false after that many ms. */
  closed(milliseconds?: number): Promise<boolean>
  stop(): Promise<void>
}

/** Listens on loopback; `answer` gets every request once it has arrived whole. */
export async function startRawServer(answer: (request: RawRequest) => unknown): Promise<RawServer> {
  const open = new Set<Socket>()
  let requests = 0
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    open.add(socket)
    // A client that resets the connection is what some of the tests are about.
    socket.on('error', () => undefined)
    socket.on('close', () => open.delete(socket))
    let received = ''
    socket.setEncoding('latin1').on('data', (data) => {
      received += String(data)
      for (let request = takeRequest(received); request; request = takeRequest(received)) {
        received = request.rest
        requests += 1
        answer({ socket, head: request.head, body: request.body, number: requests })
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests
    },
    get connections() {
      return connections
    },
    async closed(milliseconds = 3000) {
      const late = AbortSignal.timeout(milliseconds)
      while (open.size > 0 && !late.aborted) await new Promise((resolve) => setTimeout(resolve, 5))
      return open.size === 0
    },
    async stop() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

function takeRequest(received: string): { head: string; body: string; rest: string } | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = received.slice(0, end)
  const start = end + 4
  const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  if (received.length < start + length) return undefined
  return { head, body: received.slice(start, start + length), rest: received.slice(start + length) }
}

/** The head of an answer whose body comes in chunks. */
export function head(status: number, headers: Record<string, string>): string {
  const lines = Object.entries({ ...headers, 'transfer-encoding': 'chunked', connection: 'close' })
  return [`HTTP/1.1 ${status} Said`, ...lines.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n')
}

/** One chunk of such a body; an empty one ends it. */
export function chunk(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')])
}

/** A whole answer. */
export function whole(status: number, headers: Record<string, string>, body: string | Uint8Array): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(head(status, headers)), ...(bytes.length > 0 ? [chunk(bytes)] : []), chunk('')])
}
