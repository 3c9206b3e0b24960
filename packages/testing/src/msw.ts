/**
 * The mock as handlers of msw.
 *
 * @module @dualscope/testing/msw
 */

import { http, HttpResponse, type HttpHandler } from 'msw'
import * as z from 'zod/mini'

import { checkOptions, optionsSchema } from './check-options.ts'
import { BrokenConnection } from './faults/broken-connection.ts'
import type { Mock } from './mock/mock.ts'

/** The addresses that the handlers answer for. */
export interface HandlersOptions {
  /** The `baseUrl` of the app, if it is not a host of Model Studio. @default any host */
  baseUrl?: string | URL | undefined
}

const handlersOptions = optionsSchema({
  baseUrl: z.optional(z.custom((value) => URL.canParse(String(value)), 'a URL')),
})

const paths = ['/compatible-mode/*', '/api/v1/*']

/**
 * Creates the handlers that answer for Model Studio with the mock: on any host, or below your own `baseUrl`. In Node, msw 3 ends
 * a body that breaks, so that `faults.reset` looks like an early end; over `fetch` and `listen` it breaks.
 *
 * ```ts
 * const server = setupServer(...handlers(mock))
 * ```
 */
export function handlers(mock: Pick<Mock, 'respond'>, options: HandlersOptions = {}): HttpHandler[] {
  checkOptions(handlersOptions, options, 'handlers')
  if (options.baseUrl === undefined) return [...paths, '/mock-oss'].map((path) => handler(mock, `*${path}`, ''))
  const { origin, pathname } = new URL(options.baseUrl)
  const prefix = pathname.replace(/\/+$/, '').replace(/\/(compatible-mode|api)\/v1$/, '')
  return [
    ...paths.map((path) => handler(mock, `${origin}${prefix}${path}`, prefix)),
    // The policies of the mock name a path of the origin.
    handler(mock, `${origin}/mock-oss`, ''),
  ]
}

function handler(mock: Pick<Mock, 'respond'>, pattern: string, prefix: string): HttpHandler {
  return http.all(pattern, async ({ request }) => {
    try {
      return await mock.respond(withoutPrefix(request, prefix))
    } catch (error) {
      // msw answers 500 for any other error, and prints it.
      if (!(error instanceof BrokenConnection) && !request.signal.aborted) throw error
      return HttpResponse.error()
    }
  })
}

/** Removes the prefix of the path, which the mock does not know. */
function withoutPrefix(request: Request, prefix: string): Request {
  if (prefix === '') return request
  const url = new URL(request.url)
  url.pathname = url.pathname.slice(prefix.length)
  return new Request(url, request)
}
