// The one server of a run: Model Studio's two protocols on loopback, in a process of its own. Its first line is its origin.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate, setTimeout } from 'node:timers/promises'

import { makeDeltas } from './deltas.ts'
import { answerBody, frames, type Protocol } from './frames.ts'
import { callText, paths, type Delivery, type Scenario } from './scenario.ts'

// Cuts frames anywhere, and characters too.
const pieceSize = 16_381
const stamp = 'STAMP'

const made = new Map<string, readonly Buffer[]>()

/** The pieces in which an answer goes out, made once. */
function pieces(protocol: Protocol, { delivery, count }: Scenario): readonly Buffer[] {
  const key = `${protocol} ${delivery} ${count}`
  const known = made.get(key)
  if (known) return known
  const all = frames(protocol, makeDeltas(count), { cumulative: delivery === 'cumulative' })
  const bytes = all.map((frame) => Buffer.from(frame))
  const cut = delivery === 'drip' ? bytes : cutEvenly(Buffer.concat(bytes))
  made.set(key, cut)
  return cut
}

function cutEvenly(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / pieceSize) }, (_, index) =>
    bytes.subarray(index * pieceSize, (index + 1) * pieceSize),
  )
}

const stampedFrames: Readonly<Record<Protocol, readonly string[]>> = {
  compatible: frames('compatible', { reasoning: [], text: [stamp] }),
  native: frames('native', { reasoning: [], text: [stamp] }),
}

async function stream(response: ServerResponse, protocol: Protocol, scenario: Scenario): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8', 'x-request-id': 'bench' })
  for (const piece of pieces(protocol, scenario)) {
    if (response.destroyed) return
    if (!response.write(piece)) await drained(response)
    if (scenario.delivery === 'drip') await setImmediate()
  }
  response.end()
}

/** Waits until more can be written, or nobody reads any more. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      response.off('drain', settle).off('close', settle)
      resolve()
    }
    response.on('drain', settle).on('close', settle)
  })
}

async function streamStamped(response: ServerResponse, protocol: Protocol): Promise<void> {
  const [first = '', ...rest] = stampedFrames[protocol]
  response.writeHead(200, { 'content-type': 'text/event-stream;charset=UTF-8', 'x-request-id': 'bench' })
  // The monotonic clock of the machine, in ns: the same in every process.
  response.write(first.replace(stamp, String(process.hrtime.bigint())))
  await setTimeout(3)
  response.end(rest.join(''))
}

function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
}

/** Sizes of what was uploaded, by its `oss://` URL. */
const uploads = new Map<string, number>()

/** The beginning of a body, and its size; large bodies are not kept. */
async function receive(request: IncomingMessage): Promise<{ start: string; size: number }> {
  let start = ''
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    if (size < 4096) start += chunk.toString('latin1')
    size += chunk.length
  }
  return { start, size }
}

/** Step one of an upload: where to put the bytes. */
function policy(response: ServerResponse, origin: string): void {
  const data = {
    policy: 'e30=',
    signature: 'c2lnbmF0dXJl',
    upload_dir: `dashscope-instant/bench/${uploads.size}`,
    upload_host: `${origin}/uploads`,
    expire_in_seconds: 300,
    max_file_size_mb: 1024,
    capacity_limit_mb: 999_999_999,
    oss_access_key_id: 'bench',
    x_oss_object_acl: 'private',
    x_oss_forbid_overwrite: 'true',
  }
  json(response, JSON.stringify({ data, request_id: 'bench' }))
}

/** How much of a video came: within the request, or uploaded before it. */
function videoSize({ start, size }: { start: string; size: number }): number {
  const [url] = /oss:\/\/[^"]+/.exec(start) ?? []
  return url === undefined ? size : (uploads.get(url) ?? 0)
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const origin = `http://${request.headers.host ?? ''}`
  const [, scenarioName = '', ...rest] = (request.url ?? '').split('/')
  const path = `/${rest.join('/')}`
  const [delivery, count] = scenarioName.split('-') as [Delivery, string | undefined]
  const scenario: Scenario = { delivery, count: Number(count) }
  if (path.startsWith('/api/v1/uploads?')) return policy(response, origin)

  const received = await receive(request)
  if (scenarioName === 'uploads') {
    const key = /name="key"\r\n\r\n([^\r]+)/.exec(received.start)?.[1] ?? ''
    uploads.set(`oss://${key}`, received.size)
    response.writeHead(200).end()
    return
  }
  const protocol = (Object.keys(paths) as Protocol[]).find((name) => paths[name] === path)
  if (protocol === undefined) {
    response.writeHead(404).end()
    return
  }
  switch (delivery) {
    case 'packed':
    case 'drip':
    case 'cumulative':
      return stream(response, protocol, scenario)
    case 'stamped':
      return streamStamped(response, protocol)
    case 'call':
      return json(response, answerBody(protocol, callText))
    case 'video':
      return json(response, answerBody(protocol, `received ${videoSize(received)}`))
  }
}

const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
  serve(request, response).catch((error: unknown) => {
    // A client that stops reading has all it needs; any other error must be visible.
    if (!response.destroyed) console.error(error)
    response.destroy()
  })
})
// The parent process has ended.
process.stdin.resume().once('end', () => process.exit())
server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
