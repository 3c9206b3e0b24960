/**
 * Records exchanges with the service, and reads them again. For Node only.
 *
 * @module @dualscope/testing/recorder
 */

import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'

import * as z from 'zod/mini'

import { checkOptions, expects, optionsSchema } from './check-options.ts'
import { forward } from './recorder/forward.ts'
import { nameRecording } from './recordings/name-recording.ts'
import type { Recording } from './recordings/recording.ts'

export { loadRecordings, type NamedRecording, readRecordings } from './recorder/read-recordings.ts'
export { canSendAgain, sendAgain, type SendAgainOptions } from './recorder/send-again.ts'

/** Options of `startRecorder`. */
export interface RecorderOptions {
  /** The folder of the recordings; it is created if it does not exist. */
  out: string
  /** The address that requests go to. @default 'https://dashscope.aliyuncs.com' */
  to?: string | undefined
  /** The port on 127.0.0.1; 0 takes a free one. @default 0 */
  port?: number | undefined
  /** Called with each recording and the name of its file, once the file is written. */
  onRecording?: ((name: string, recording: Recording) => void) | undefined
  /**
   * Called for an exchange that could not be forwarded or written; the client sees a broken connection unless it has the whole
   * response. @default `close` rejects with the first one
   */
  onError?: ((error: unknown) => void) | undefined
}

/** A running recorder. */
export interface Recorder {
  /** Its origin; pass it as `baseUrl`. */
  url: string
  /** Stops listening, closes open connections, and waits until every recording is written. */
  close: () => Promise<void>
}

const optionsShape = optionsSchema({
  out: expects.text,
  to: z.optional(
    z.custom((value) => typeof value === 'string' && /^https?:\/\/[^/]/.test(value), 'an http: or https: URL'),
  ),
  port: z.optional(expects.port),
  onRecording: z.optional(expects.callback),
  onError: z.optional(expects.callback),
})

/**
 * Listens on 127.0.0.1, forwards every request unchanged, streams included, and writes a file for each exchange, without keys,
 * signatures, accounts and the bytes of media. Uploads are forwarded without being held in memory.
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

  let failure: { error: unknown } | undefined

  async function save(recording: Recording): Promise<void> {
    const name = await nameRecording(recording)
    const count = (names.get(name) ?? 0) + 1
    names.set(name, count)
    const file = `${name}${count > 1 ? `_${count}` : ''}.json`
    await writeFile(join(out, file), `${JSON.stringify(recording, undefined, 2)}\n`)
    onRecording?.(file, recording)
  }

  async function handle(message: IncomingMessage, reply: ServerResponse): Promise<void> {
    const { url = '' } = message
    // A client that takes the recorder for a proxy sends a whole URL, which may name another host.
    if (!url.startsWith('/')) {
      reply.writeHead(400, { 'content-type': 'text/plain' })
      reply.end('The target must be a path: use the recorder as the base URL, not as a proxy.\n')
      return
    }
    try {
      await save(await forward(message, reply, new URL(base + url)))
    } catch (error) {
      reply.destroy()
      if (onError) onError(error)
      else failure ??= { error }
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
      if (failure) throw failure.error
    },
  }
}
