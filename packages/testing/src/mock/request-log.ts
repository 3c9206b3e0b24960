import type { MockRequest } from './mock-request.ts'

/** The newest requests of a mock, within a bound. */
export interface RequestLog {
  readonly requests: readonly MockRequest[]
  /** Adds a request of so many bytes; the oldest ones leave. The newest one stays, whatever its size. */
  add: (request: MockRequest, bytes: number) => void
  reset: () => void
}

/** Creates a log that keeps at most so many requests, and so many bytes of their bodies. */
export function createRequestLog(maxRequests: number, maxBytes: number): RequestLog {
  let requests: MockRequest[] = []
  let sizes: number[] = []
  let total = 0
  return {
    get requests() {
      return requests
    },
    add: (request, bytes) => {
      requests.push(request)
      sizes.push(bytes)
      total += bytes
      while (requests.length > Math.max(maxRequests, 0) || (total > maxBytes && requests.length > 1)) {
        requests.shift()
        total -= sizes.shift() ?? 0
      }
    },
    reset: () => {
      requests = []
      sizes = []
      total = 0
    },
  }
}
