import { applyBodyFault } from '../faults/apply-body-fault.ts'
import { indexRecordings } from '../recordings/find-recording.ts'
import { redactJson } from '../recordings/redact.ts'
import { createIssue } from '../rules/issue.ts'
import { applyFault } from './apply-fault.ts'
import { checkScenario, isOpen } from './check-scenario.ts'
import { echo } from './echo.ts'
import { type Exchange, idOf, type Reply } from './exchange.ts'
import { createKeyRing } from './keys.ts'
import { createLimiter, limitWords } from './limits.ts'
import { checkMockOptions, type MockOptions } from './mock-options.ts'
import type { MockRequest } from './mock-request.ts'
import { replyModels } from './models.ts'
import { estimateInput } from './prepare-answer.ts'
import { receive, type Received } from './receive.ts'
import { replyRecording } from './reply-recording.ts'
import { replyAnswer, replyError, replyErrorFrame, replyRaw, replyRefusal, replyUnrecorded } from './reply.ts'
import { createRequestLog } from './request-log.ts'
import { toResponse } from './response.ts'
import type { Scenario } from './scenario.ts'
import { createUploadStore, replyUpload } from './uploads.ts'

/** A Model Studio in memory. */
export interface Mock {
  /** Answers like the service; pass it as `fetch`. Takes requests for any host. */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  /** As `fetch`, but a redirect is given back and not followed. @default the request's own signal */
  respond: (request: Request, signal?: AbortSignal) => Promise<Response>
  /**
   * Queues what is answered next, first in, first out. A request that is refused as undocumented takes nothing from the
   * queue. With nothing queued, the mock answers from the request. Throws a `TypeError` for a scenario that cannot be played.
   */
  use: (scenarios: Scenario | readonly Scenario[]) => void
  /** The newest requests, in order: at most `maxRequests`. */
  readonly requests: readonly MockRequest[]
  /** Scenarios that are still queued. */
  readonly queued: number
  /** Bodies that are on their way: begun, and neither at their end nor left by their reader. */
  readonly openResponses: number
  /** Forgets requests, uploads, temporary keys and the queue. */
  reset: () => void
}

function replyScenario(scenario: Scenario, { request, conversation }: Received, exchange: Exchange): Reply {
  if (scenario.type === 'error') return replyError(scenario, conversation, exchange)
  if (scenario.type === 'raw') return replyRaw(scenario, exchange)
  if (!conversation) throw new Error(`No scenario answers '${request.endpoint}' so`)
  const whole = [scenario.fault ?? []].flat().some(({ type }) => type === 'not-streamed')
  const answer = isOpen(scenario) ? echo(conversation) : scenario
  return replyAnswer(answer, whole ? { ...conversation, stream: false } : conversation, exchange)
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
  const { strict = true, apiKey, latency = 0, pieceSize, models, streamErrors = 'frame', limits = {} } = options
  const { now = () => Date.now() } = options
  const { maxRequests = 1000, maxRequestBytes = 64 * 1024 * 1024, uploads: existing = [] } = options
  const limiter = createLimiter(limits, now)
  const keys = createKeyRing(apiKey, now)
  const uploads = createUploadStore(now, existing)
  const { recordings = [] } = options
  const index = indexRecordings(recordings)
  const log = createRequestLog(maxRequests, maxRequestBytes)
  let queue: Scenario[] = []
  let count = 0
  // Holds the requests too: a request that is collected takes its signal with it.
  const open = new Set<Request>()

  const takeScenario = (endpoint: MockRequest['endpoint']): Scenario | undefined => {
    const index = queue.findIndex((scenario) => (scenario.endpoint ?? 'chat') === endpoint)
    return index === -1 ? undefined : queue.splice(index, 1)[0]
  }

  /** Refuses what the service would; undefined lets it pass. */
  const replyIssue = ({ request, conversation, fields }: Received, exchange: Exchange): Reply | undefined => {
    const issue = request.issues.find(({ severity }) => severity === 'error')
    // A wrong key or path is not a question of strictness, and nothing answers what cannot be read.
    const isLenient = !strict && issue?.status !== 401 && (conversation ?? request.endpoint === 'policy')
    if (!issue || isLenient) return undefined
    if (request.endpoint === 'upload') return replyUpload(issue, fields, exchange)
    const { protocol = 'dashscope' } = request
    const refusal = { ...issue, requestId: exchange.id }
    // The gateway checks keys and paths before a stream begins.
    const inside = protocol === 'dashscope' && request.stream && issue.status === 400 && streamErrors === 'frame'
    return inside ? replyErrorFrame(refusal, protocol, [], exchange) : replyRefusal(refusal, protocol, exchange)
  }

  /** Refuses what exceeds a limit; the gateway does so before a stream begins. */
  const replyLimit = ({ conversation, account }: Received, exchange: Exchange): Reply | undefined => {
    if (!conversation) return undefined
    const { protocol, model } = conversation
    const admitted = limiter.admit(account, model, estimateInput(conversation).inputTokens)
    if (typeof admitted === 'string') {
      const issue = createIssue(protocol, admitted, limitWords[admitted][protocol])
      return replyRefusal({ ...issue, requestId: exchange.id }, protocol, exchange)
    }
    exchange.spend = (tokens) => {
      admitted.tokens = tokens
    }
    return undefined
  }

  const replyFreely = ({ request, conversation, fields, account }: Received, exchange: Exchange): Reply => {
    if (conversation) return replyAnswer(echo(conversation), conversation, exchange)
    if (request.endpoint === 'upload') return replyUpload(undefined, fields, exchange)
    if (request.endpoint === 'token') return keys.replyTemporary(new URL(request.url), account, exchange)
    if (request.endpoint === 'models') return replyModels(request, models ?? {}, exchange)
    return uploads.replyPolicy(new URL(request.url).origin, { account, model: request.model ?? '' }, exchange)
  }

  /** Whether a recording answers, whatever the rules say: the service has answered such a request. */
  const isReplayed = ({ request }: Received): boolean => {
    const isRefused = request.issues.some(({ status }) => status === 401)
    const isQueued = queue.some(({ endpoint = 'chat' }) => endpoint === 'chat')
    return recordings.length > 0 && request.endpoint === 'chat' && !isRefused && !isQueued
  }

  const replyRecorded = async ({ request, json, key }: Received, exchange: Exchange): Promise<Reply> => {
    const { stream, path } = request
    const found = index.find({ path, stream, body: await redactJson(json ?? null, key) })
    return found ? replyRecording(found, exchange) : replyUnrecorded(request, exchange)
  }

  const reply = async (received: Received, signal: AbortSignal): Promise<Reply> => {
    count += 1
    const exchange: Exchange = { id: idOf(count), latency, signal, spend: () => undefined }
    if (isReplayed(received)) return replyLimit(received, exchange) ?? (await replyRecorded(received, exchange))
    const refused = replyIssue(received, exchange) ?? replyLimit(received, exchange)
    if (refused) return refused
    const scenario = takeScenario(received.request.endpoint)
    if (!scenario) return replyFreely(received, exchange)
    exchange.latency = scenario.latency ?? latency
    const onlyFault = scenario.endpoint !== undefined && scenario.endpoint !== 'chat' && !scenario.type
    let answer = onlyFault ? replyFreely(received, exchange) : replyScenario(scenario, received, exchange)
    for (const fault of [scenario.fault ?? []].flat()) {
      answer = await applyFault(answer, fault, received.conversation, exchange)
    }
    for (const [name, value] of Object.entries(scenario.headers ?? {})) answer.headers.set(name, value)
    return answer
  }

  const handle = async (request: Request, signal: AbortSignal) => {
    signal.throwIfAborted()
    const received = await receive(request, { keys, models, uploads })
    log.add(received.request, received.size)
    signal.throwIfAborted()
    // Ends what waits for its time as soon as its reader has left.
    const left = new AbortController()
    const answer = await reply(received, AbortSignal.any([signal, left.signal]))
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
    use: (scenarios) => {
      const added = [scenarios].flat()
      const place = added.length === 1 ? () => 'mock.use' : (index: number) => `mock.use: [${index}]`
      for (const [index, scenario] of added.entries()) checkScenario(scenario, place(index))
      queue.push(...added)
    },
    get requests() {
      return log.requests
    },
    get queued() {
      return queue.length
    },
    get openResponses() {
      return open.size
    },
    reset: () => {
      queue = []
      log.reset()
      uploads.reset()
      limiter.reset()
      index.reset()
      keys.reset()
      count = 0
    },
  }
}
