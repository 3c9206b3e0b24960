import type { MockRequest } from './mock-request.ts'

/** The newest requests of a mock, within limits. */
export interface RequestLog {
  readonly requests: readonly MockRequest[]
  /** Adds a request and drops the oldest ones beyond the limits. The newest one stays, whatever its size in characters. */
  add: (request: MockRequest, size: number) => void
  reset: () => void
}

/** Creates a log with limits of requests and of the characters in them. */
export function createRequestLog(maxRequests: number, maxSize: number): RequestLog {
  let requests: MockRequest[] = []
  let sizes: number[] = []
  let total = 0
  return {
    get requests() {
      return requests
    },
    add: (request, size) => {
      requests.push(request)
      sizes.push(size)
      total += size
      while (requests.length > Math.max(maxRequests, 0) || (total > maxSize && requests.length > 1)) {
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
