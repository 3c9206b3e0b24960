/**
 * Records exchanges with the service, and reads them again. Node alone.
 *
 * @module @dualscope/testing/recorder
 */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

import * as z from 'zod/mini'

import { checkOptions, expects, optionsSchema } from './check-options.ts'
import { captureRequest } from './recorder/capture-request.ts'
import { captureResponse, type CapturedResponse } from './recorder/capture-response.ts'
import { nameRecording } from './recordings/name-recording.ts'
import { checkRecording, type Recording } from './recordings/recording.ts'
import { redactJson, pickRequestHeaders, redactPath, redactText } from './recordings/redact.ts'

export { canSendAgain, sendAgain, type SendAgainOptions } from './recorder/send-again.ts'

/** How to record. */
export interface RecorderOptions {
  /** The folder that recordings are written to; it is made if it does not exist. */
  out: string
  /** The address that requests go to. @default 'https://dashscope.aliyuncs.com' */
  to?: string | undefined
  /** The port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number | undefined
  /** Called for each recording, with the name of its file, once that is written. */
  onRecording?: ((name: string, recording: Recording) => void) | undefined
  /** Called for an exchange that could not be forwarded or written. The client sees a broken connection. */
  onError?: ((error: unknown) => void) | undefined
}

/** A recorder that listens. */
export interface Recorder {
  /** Its origin; pass it as `baseUrl`. */
  url: string
  /** Stops listening, ends what is open, and waits until every recording is written. */
  close: () => Promise<void>
}

const optionsShape = optionsSchema({
  out: expects.text,
  to: z.optional(
    z.custom((value) => typeof value === 'string' && /^https?:\/\/[^/]/.test(value), 'an http: or https: URL'),
  ),
  port: z.optional(expects.count(0, 'the port')),
  onRecording: z.optional(expects.callback),
  onError: z.optional(expects.callback),
})

function headersOf(message: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, value] of Object.entries(message.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each)
  }
  return headers
}

function keyOf(headers: Headers): string {
  return /^Bearer (\S+)$/.exec(headers.get('authorization') ?? '')?.[1] ?? ''
}

interface Exchange {
  recording: Recording
  key: string
}

/** Forwards a request as it is, and returns what is to be recorded of it. */
async function forward(message: IncomingMessage, reply: ServerResponse, target: URL): Promise<Exchange> {
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest
  const { host: _host, ...headers } = message.headers
  const upstream = send(target, { method: message.method ?? 'GET', headers: { ...headers, host: target.host } })
  const captured = captureRequest(message)
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    upstream.once('response', resolve).once('error', reject)
  })
  reply.once('close', () => upstream.destroy())
  // A response may come before the whole request has gone; a client that left ends both.
  const sent = pipeline(message, captured.passage, upstream).then(
    () => undefined,
    () => undefined,
  )
  const answer = await answered
  reply.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
  reply.flushHeaders()
  const response = await captureResponse(answer, reply, isSecret(target))
  await sent
  return { recording: await describe(message, target, captured.read(), response), key: keyOf(headersOf(message)) }
}

/** Whether an answer is a permission, which is not to be written anywhere. */
function isSecret({ pathname }: URL): boolean {
  return /\/api\/v1\/(uploads|tokens)\b/.test(pathname)
}

async function describe(
  message: IncomingMessage,
  target: URL,
  body: unknown,
  response: CapturedResponse,
): Promise<Recording> {
  const headers = headersOf(message)
  const key = keyOf(headers)
  return {
    version: 1,
    request: {
      method: message.method ?? 'GET',
      path: redactPath(target),
      headers: pickRequestHeaders(headers),
      body: body === undefined ? null : typeof body === 'string' ? redactText(body, key) : await redactJson(body, key),
    },
    response: response.render(key),
  }
}

/**
 * Listens on 127.0.0.1, forwards every request unchanged, streams included, and writes a file for each exchange. Neither keys,
 * signatures and accounts nor the bytes of media are written. Uploads are forwarded without being held in memory.
 *
 * ```ts
 * const recorder = await startRecorder({ out: 'recordings' })
 * const client = connect({ model: 'kimi-k2.5', baseUrl: recorder.url })
 * ```
 */
export async function startRecorder(options: RecorderOptions): Promise<Recorder> {
  checkOptions(optionsShape, options, 'startRecorder')
  const { out, to = 'https://dashscope.aliyuncs.com', port = 0, onRecording, onError } = options
  await mkdir(out, { recursive: true })
  const base = to.replace(/\/+$/, '')
  const names = new Map<string, number>()
  const pending = new Set<Promise<void>>()

  async function save({ recording }: Exchange): Promise<void> {
    const name = await nameRecording(recording)
    const count = (names.get(name) ?? 0) + 1
    names.set(name, count)
    const file = `${name}${count > 1 ? `_${count}` : ''}.json`
    await writeFile(join(out, file), `${JSON.stringify(recording, undefined, 2)}\n`)
    onRecording?.(file, recording)
  }

  async function handle(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    try {
      await save(await forward(message, reply, new URL(base + (message.url ?? '/'))))
    } catch (error) {
      reply.destroy()
      onError?.(error)
    }
  }

  const server = createServer((message, reply) => {
    const work = handle(message, reply).finally(() => pending.delete(work))
    pending.add(work)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await Promise.all(pending)
    },
  }
}

/** Reads the recordings of a folder, by the names of their files. Throws a `TypeError` for a JSON file that is not a recording. */
export async function loadRecordings(folder: string): Promise<Recording[]> {
  return (await readRecordings(folder)).map(({ recording }) => recording)
}

/** A recording with the name of its file. */
export interface NamedRecording {
  name: string
  recording: Recording
}

/** As `loadRecordings`, with the names of the files. */
export async function readRecordings(folder: string): Promise<NamedRecording[]> {
  // Repetitions of a request come in the order in which they were made: `a`, `a_2`, …, `a_10`.
  const order = new Intl.Collator('en', { numeric: true })
  const found = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const names = found.map((name) => name.slice(0, -'.json'.length)).toSorted(order.compare)
  return Promise.all(
    names.map(async (name) => {
      const recording: unknown = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'))
      checkRecording(recording, name)
      return { name, recording }
    }),
  )
}
