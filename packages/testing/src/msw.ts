/**
 * The mock as handlers of msw.
 *
 * @module @dualscope/testing/msw
 */

import { http, HttpResponse, type HttpHandler } from 'msw'

import type { Mock } from './mock/mock.ts'

/**
 * Makes the handlers that answer for Model Studio, on any host, with the mock. In Node, msw 3 ends a body where it
 * breaks, so that `faults.reset` looks like a stream that ends too early; over `fetch` and `listen` it breaks.
 *
 * ```ts
 * const server = setupServer(...handlers(mock))
 * ```
 */
export function handlers(mock: Pick<Mock, 'respond'>): HttpHandler[] {
  return ['*/compatible-mode/*', '*/api/v1/*', '*/mock-oss'].map((path) =>
    http.all(path, async ({ request }) => {
      try {
        return await mock.respond(request)
      } catch {
        // As a fetch rejects: without a connection, or with an abort that msw has already reported.
        return HttpResponse.error()
      }
    }),
  )
}
