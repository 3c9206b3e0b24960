import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import { knownModels } from '@dualscope/core'

import { ask } from './ask.ts'
import { BadRequest, readForm } from './body.ts'
import { refusalOf } from './guard.ts'
import type { Line, Welcome } from './line.ts'
import { readQuestion } from './question.ts'
import type { Service } from './service.ts'

// The page runs its own script and nothing else: what a model says cannot become one.
const headers = {
  'cache-control': 'no-store',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src blob: data:; media-src blob:; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

const types = { html: 'text/html; charset=utf-8', css: 'text/css; charset=utf-8', ts: 'text/javascript; charset=utf-8' }
const files: Readonly<Record<string, keyof typeof types>> = {
  '/index.html': 'html',
  '/style.css': 'css',
  '/find.ts': 'ts',
  '/page.ts': 'ts',
  '/panel.ts': 'ts',
}

export interface PlaygroundOptions {
  /** 0 is any that is free. */
  port: number
  /** Bytes of a question, its files included. @default 110 MiB: a video of the largest size, and the rest */
  limit?: number | undefined
}

/** Serves the playground on 127.0.0.1. */
export async function createPlayground(
  service: Service,
  { port, limit = 110 * 2 ** 20 }: PlaygroundOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    handle(request, response).catch((error: unknown) => {
      // Once an answer has begun, all that is left to say is that it is not whole.
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
    const path = request.url === '/' ? '/index.html' : (request.url ?? '')
    const type = files[path]
    if (request.method === 'GET' && type) {
      response.setHeader('content-type', types[type])
      response.end(readPage(path))
    } else if (request.method === 'GET' && path === '/welcome') {
      sendJson(response, 200, welcome(service))
    } else if (request.method === 'POST' && path === '/ask') {
      await answer(request, response)
    } else {
      throw new BadRequest(404, 'There is nothing here')
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { protocols, request: chat } = readQuestion(await readForm(request, limit))
    const left = new AbortController()
    const { signal } = left
    response.once('close', () => left.abort())
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    const tell = async (line: Line) => {
      if (signal.aborted || response.write(`${JSON.stringify(line)}\n`)) return
      // A page that reads slowly is waited for; for one that has left, the signal ends the question.
      await once(response, 'drain', { signal }).catch(() => undefined)
    }
    await Promise.all(protocols.map((protocol) => ask({ protocol, request: chat, service, signal }, tell)))
    response.end()
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** A file of the page; its script without its types, which is all that a browser cannot read of it. */
function readPage(path: string): string {
  const text = readFileSync(join(import.meta.dirname, 'page', path), 'utf8')
  return path.endsWith('.ts') ? stripTypeScriptTypes(text) : text
}

function welcome({ name, live }: Service): Welcome {
  const models = knownModels.map(({ id, thinking, inputs, retired }) => ({
    id,
    thinking,
    inputs,
    retired: retired !== undefined,
  }))
  return { service: name, live, models }
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
