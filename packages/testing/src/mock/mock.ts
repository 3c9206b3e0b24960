import { applyBodyFault } from '../faults/apply-body-fault.ts'
import { indexRecordings } from '../recordings/find-recording.ts'
import { chooseReply } from './choose-reply.ts'
import { type Exchange, idOf } from './exchange.ts'
import { createKeyRing } from './keys.ts'
import { createLimiter } from './limits.ts'
import { checkMockOptions, type MockOptions } from './mock-options.ts'
import type { MockRequest } from './mock-request.ts'
import { receive } from './receive.ts'
import { createRequestLog } from './request-log.ts'
import { toResponse } from './response.ts'
import { createScenarioQueue } from './scenario-queue.ts'
import type { Scenario } from './scenario.ts'
import { createUploadStore } from './uploads.ts'

/** A Model Studio in memory. */
export interface Mock {
  /** Answers like the service; pass it as `fetch`. Takes requests for any host. */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** Does the same for a `Request`, and returns a redirect instead of following it. The signal defaults to the request's. */
  respond: (request: Request, signal?: AbortSignal) => Promise<Response>
  /**
   * Queues the next answers, first in, first out. A request that is refused takes nothing from the queue. With an empty queue,
   * the mock answers from the request. Throws a `TypeError` for a scenario that cannot be played.
   */
  use: (scenarios: Scenario | readonly Scenario[]) => void
  /** The newest requests, in order: at most `maxRequests`. */
  readonly requests: readonly MockRequest[]
  /** Scenarios that are still queued. */
  readonly queued: number
  /** The number of bodies that have begun, and have neither ended nor lost their reader. */
  readonly openResponses: number
  /** Forgets requests, uploads, temporary keys, limits, the turns of recordings and the queue. */
  reset: () => void
}

/**
 * Creates an in-memory Model Studio: both protocols, uploads and temporary keys, validated against the documents.
 *
 * ```ts
 * const mock = createMock()
 * mock.use({ reasoning: 'Hm.', text: 'Hello!' })
 * const client = createClient({ transport: dashscope({ fetch: mock.fetch, apiKey: 'any' }), model: 'kimi-k2.5' })
 * ```
 */
export function createMock(options: MockOptions = {}): Mock {
  checkMockOptions(options)
  const { strict = true, apiKey, latency = 0, pieceSize, models = {}, streamErrors = 'frame', limits = {} } = options
  const { now = () => Date.now(), maxRequests = 1000, maxRequestBytes = 64 * 1024 * 1024 } = options
  const recordings = options.recordings?.length ? indexRecordings(options.recordings) : undefined
  const queue = createScenarioQueue()
  const limiter = createLimiter(limits, now)
  const keys = createKeyRing(apiKey, now)
  const uploads = createUploadStore(now, options.uploads ?? [])
  const log = createRequestLog(maxRequests, maxRequestBytes)
  const context = { strict, streamErrors, models, recordings, queue, limiter, keys, uploads }
  let count = 0
  // Holds the requests too: a request that is collected takes its signal with it.
  const open = new Set<Request>()

  const handle = async (request: Request, signal: AbortSignal) => {
    signal.throwIfAborted()
    const received = await receive(request, { keys, models, uploads })
    log.add(received.request, received.size)
    signal.throwIfAborted()
    // A reader that leaves ends every wait of its answer.
    const left = new AbortController()
    count += 1
    const exchange: Exchange = {
      id: idOf(count),
      latency,
      signal: AbortSignal.any([signal, left.signal]),
      spend: () => undefined,
    }
    const answer = await chooseReply(received, exchange, context)
    signal.throwIfAborted()
    if (pieceSize !== undefined && answer.body) {
      answer.body = applyBodyFault(answer.body, { type: 'split', size: pieceSize })
    }
    const response = toResponse(answer, signal, {
      start: () => open.add(request),
      end: () => {
        open.delete(request)
        left.abort()
      },
    })
    return { response, bytes: received.bytes }
  }

  const fetch: Mock['fetch'] = async (input, init) => {
    const request = new Request(input, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : request.signal)
    const { response, bytes } = await handle(request, signal)
    const location = response.headers.get('location')
    if (response.status < 300 || response.status > 399 || location === null) return response
    if (request.redirect === 'manual') return response
    if (request.redirect === 'error') throw new TypeError('fetch failed', { cause: new Error('unexpected redirect') })
    const { method, headers } = request
    const body = method === 'GET' || method === 'HEAD' ? null : bytes
    return fetch(new URL(location, request.url).href, { method, headers, body, signal })
  }

  return {
    fetch,
    respond: async (request, signal = request.signal) => (await handle(request, signal)).response,
    use: queue.add,
    get requests() {
      return log.requests
    },
    get queued() {
      return queue.size
    },
    get openResponses() {
      return open.size
    },
    reset: () => {
      queue.reset()
      log.reset()
      uploads.reset()
      limiter.reset()
      recordings?.reset()
      keys.reset()
      count = 0
    },
  }
}
