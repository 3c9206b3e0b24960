import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createTemporaryKey, knownModels } from '@dualscope/core'

import { pageFolder } from '../page-folder.ts'
import { ask } from './ask.ts'
import { BadRequest, readForm } from './body.ts'
import { refusalOf } from './guard.ts'
import type { Line, Welcome } from './line.ts'
import { readQuestion } from './question.ts'
import type { Service } from './service.ts'

/** The page runs its own script alone, and text cannot become markup: a model's answer is never a script. */
function headersFor(service: Service): Record<string, string> {
  const connect = ["'self'", ...directOrigins(service)].join(' ')
  return {
    'cache-control': 'no-store',
    'content-security-policy':
      `default-src 'none'; script-src 'self'; style-src 'self'; connect-src ${connect}; img-src blob: data:; media-src blob:; ` +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  }
}

/** The hosts that a page with temporary keys calls: those of every region, and of the storage for uploads. */
function directOrigins({ isDirect, options: { baseUrl } }: Service): string[] {
  if (!isDirect) return []
  return baseUrl === undefined ? ['https://*.aliyuncs.com'] : [new URL(baseUrl).origin, 'https://*.aliyuncs.com']
}

// Long enough for a page that starts to send; each answer requests one of its own.
const keyLifetime = 60

const files: ReadonlyMap<string, { name: string; type: string }> = new Map([
  ['/', { name: 'index.html', type: 'text/html; charset=utf-8' }],
  ['/style.css', { name: 'style.css', type: 'text/css; charset=utf-8' }],
  ['/page.js', { name: 'page.js', type: 'text/javascript; charset=utf-8' }],
])

/** How the playground is served. */
export interface PlaygroundOptions {
  /** 0 takes a free one. */
  port: number
  /** Bytes of a question, with the files of all its turns. @default 200 MiB */
  limit?: number | undefined
}

/** Serves the playground on 127.0.0.1. */
export async function createPlayground(
  service: Service,
  { port, limit = 200 * 2 ** 20 }: PlaygroundOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const headers = headersFor(service)
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    handle(request, response).catch((error: unknown) => {
      // A cut connection is the only way to say that a started answer is incomplete.
      if (response.headersSent) return response.destroy()
      const status = error instanceof BadRequest ? error.status : 500
      // Do not wait for the rest of an unwanted body.
      if (!request.complete) response.setHeader('connection', 'close')
      return sendJson(response, status, { message: error instanceof Error ? error.message : String(error) })
    })
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalOf(request, (server.address() as AddressInfo).port)
    if (refusal !== undefined) throw new BadRequest(403, `Refused: ${refusal}`)
    const path = request.url ?? ''
    const file = files.get(path)
    if (request.method === 'GET' && file) {
      const content = await readFile(new URL(file.name, pageFolder))
      response.setHeader('content-type', file.type)
      response.end(content)
    } else if (request.method === 'GET' && path === '/welcome') {
      sendJson(response, 200, welcome(service))
    } else if (request.method === 'POST' && path === '/key' && service.isDirect) {
      const { apiKey, region, workspace, baseUrl } = service.options
      sendJson(response, 200, await createTemporaryKey({ apiKey, region, workspace, baseUrl, expiresIn: keyLifetime }))
    } else if (request.method === 'POST' && path === '/ask' && !service.isDirect) {
      await answer(request, response)
    } else {
      throw new BadRequest(404, 'Not found')
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { protocols, requestFor } = readQuestion(await readForm(request, limit))
    const left = new AbortController()
    const { signal } = left
    response.once('close', () => left.abort())
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    const send = async (line: Line) => {
      if (signal.aborted || response.write(`${JSON.stringify(line)}\n`)) return
      // Wait for a slow page; once it has left, the signal ends the question.
      await once(response, 'drain', { signal }).catch(() => undefined)
    }
    await Promise.all(
      protocols.map((protocol) => ask({ protocol, request: requestFor(protocol), service, signal }, send)),
    )
    response.end()
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function welcome({ name, live, model, isDirect, options }: Service): Welcome {
  const models = knownModels.map(({ id, thinking, inputs, retired }) => ({
    id,
    thinking,
    inputs,
    retired: retired !== undefined,
  }))
  const { region, workspace, baseUrl } = options
  const direct = { region, workspace, baseUrl: baseUrl && String(baseUrl) }
  return { service: name, live, model, models, ...(isDirect && { direct }) }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
