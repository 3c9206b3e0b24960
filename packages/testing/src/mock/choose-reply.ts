import type { RecordingIndex } from '../recordings/find-recording.ts'
import { redactJson } from '../recordings/redact.ts'
import { createIssue } from '../rules/issue.ts'
import type { Model } from '../rules/models.ts'
import { applyFault } from './apply-fault.ts'
import { isOpen } from './check-scenario.ts'
import { echo } from './echo.ts'
import type { Exchange, Reply } from './exchange.ts'
import type { KeyRing } from './keys.ts'
import { limitWords, type RateLimiter } from './limits.ts'
import { replyModels } from './models.ts'
import { estimateInput } from './prepare-answer.ts'
import type { Received } from './receive.ts'
import { replyRecording } from './reply-recording.ts'
import { replyAnswer, replyError, replyErrorFrame, replyRaw, replyRefusal, replyUnrecorded } from './reply.ts'
import type { ScenarioQueue } from './scenario-queue.ts'
import type { Scenario } from './scenario.ts'
import { replyUpload, type UploadStore } from './uploads.ts'

/** The settings and the state of a mock that decide how it answers. */
export interface ReplyContext {
  strict: boolean
  streamErrors: 'frame' | 'http'
  models: Readonly<Record<string, Partial<Model>>>
  /** Undefined without recordings. */
  recordings: RecordingIndex | undefined
  queue: ScenarioQueue
  limiter: RateLimiter
  keys: KeyRing
  uploads: UploadStore
}

/**
 * Answers a request: with a recording if the mock has any, else with an error for what the service refuses, else with the next
 * scenario, else from the request.
 */
export async function chooseReply(received: Received, exchange: Exchange, context: ReplyContext): Promise<Reply> {
  if (isReplayed(received, context)) {
    return replyLimit(received, exchange, context) ?? replyRecorded(received, exchange, context)
  }
  const refused = replyIssue(received, exchange, context) ?? replyLimit(received, exchange, context)
  if (refused) return refused
  const scenario = context.queue.take(received.request.endpoint)
  return scenario ? play(scenario, received, exchange, context) : replyFreely(received, exchange, context)
}

/** Whether a recording answers, whatever the rules say: the service has answered such a request. */
function isReplayed({ request }: Received, { recordings, queue }: ReplyContext): boolean {
  const hasValidKey = request.issues.every(({ status }) => status !== 401)
  return recordings !== undefined && request.endpoint === 'chat' && hasValidKey && !queue.has('chat')
}

async function replyRecorded(
  { request, json, key }: Received,
  exchange: Exchange,
  { recordings }: ReplyContext,
): Promise<Reply> {
  const { stream, path } = request
  const found = recordings?.find({ path, stream, body: await redactJson(json ?? null, key) })
  return found ? replyRecording(found, exchange) : replyUnrecorded(request, exchange)
}

/** Answers with the error of the service; undefined if the request may pass. */
function replyIssue(
  { request, conversation, fields }: Received,
  exchange: Exchange,
  { strict, streamErrors }: ReplyContext,
): Reply | undefined {
  const issue = request.issues.find(({ severity }) => severity === 'error')
  // `strict` is about requests that can be read; a wrong key or path is refused in any case.
  const isLenient = !strict && issue?.status !== 401 && (conversation ?? request.endpoint === 'policy')
  if (!issue || isLenient) return undefined
  if (request.endpoint === 'upload') return replyUpload(issue, fields, exchange)
  const { protocol = 'dashscope' } = request
  const refusal = { ...issue, requestId: exchange.id }
  // The gateway checks keys and paths before a stream begins.
  const isInStream = protocol === 'dashscope' && request.stream && issue.status === 400 && streamErrors === 'frame'
  return isInStream ? replyErrorFrame(refusal, protocol, [], exchange) : replyRefusal(refusal, protocol, exchange)
}

/** Answers 429 beyond a limit, before a stream begins, as the gateway does; undefined within the limits. */
function replyLimit(
  { conversation, account }: Received,
  exchange: Exchange,
  { limiter }: ReplyContext,
): Reply | undefined {
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

/** Answers from the request alone. */
function replyFreely(
  { request, conversation, fields, account }: Received,
  exchange: Exchange,
  { keys, uploads, models }: ReplyContext,
): Reply {
  if (conversation) return replyAnswer(echo(conversation), conversation, exchange)
  if (request.endpoint === 'upload') return replyUpload(undefined, fields, exchange)
  if (request.endpoint === 'token') return keys.replyTemporary(new URL(request.url), account, exchange)
  if (request.endpoint === 'models') return replyModels(request, models, exchange)
  return uploads.replyPolicy(new URL(request.url).origin, { account, model: request.model ?? '' }, exchange)
}

/** Answers with a scenario, and applies its faults in order. */
async function play(scenario: Scenario, received: Received, exchange: Exchange, context: ReplyContext): Promise<Reply> {
  exchange.latency = scenario.latency ?? exchange.latency
  const onlyFault = scenario.endpoint !== undefined && scenario.endpoint !== 'chat' && !scenario.type
  let reply = onlyFault ? replyFreely(received, exchange, context) : replyScenario(scenario, received, exchange)
  for (const fault of [scenario.fault ?? []].flat()) {
    reply = await applyFault(reply, fault, received.conversation, exchange)
  }
  for (const [name, value] of Object.entries(scenario.headers ?? {})) reply.headers.set(name, value)
  return reply
}

function replyScenario(scenario: Scenario, { request, conversation }: Received, exchange: Exchange): Reply {
  if (scenario.type === 'error') return replyError(scenario, conversation, exchange)
  if (scenario.type === 'raw') return replyRaw(scenario, exchange)
  if (!conversation) throw new Error(`An answer cannot be sent to '${request.endpoint}'; use an error or raw bytes`)
  const isWhole = [scenario.fault ?? []].flat().some(({ type }) => type === 'not-streamed')
  const answer = isOpen(scenario) ? echo(conversation) : scenario
  return replyAnswer(answer, isWhole ? { ...conversation, stream: false } : conversation, exchange)
}
