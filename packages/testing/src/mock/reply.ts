import { bytesOf, paced } from '../faults/bytes.ts'
import { cutFrames } from '../faults/frames.ts'
import { framesUntil, type Place } from '../faults/place.ts'
import type { Protocol } from '../protocol.ts'
import type { Conversation } from '../rules/conversation.ts'
import { errorFrameCompatible, respondCompatible, streamCompatible } from '../wire/compatible.ts'
import { type DashscopeShape, errorFrameDashscope, respondDashscope, streamDashscope } from '../wire/dashscope.ts'
import { errorBody, type Refusal } from '../wire/error-body.ts'
import type { Wire } from '../wire/usage.ts'
import { echo } from './echo.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'
import type { MockRequest } from './mock-request.ts'
import { prepareAnswer } from './prepare-answer.ts'
import type { AnswerScenario, ErrorScenario, RawScenario } from './scenario.ts'

const eventStream = { compatible: 'text/event-stream', dashscope: 'text/event-stream;charset=UTF-8' }

function shapeOf({ service = 'text-generation', resultFormat }: Conversation): DashscopeShape {
  return {
    service,
    // "The default is text on many models"; it has no effect on multimodal-generation.
    resultFormat: service === 'text-generation' ? (resultFormat ?? 'text') : 'message',
  }
}

function createReply(
  status: number,
  headers: Headers,
  frames: readonly Uint8Array<ArrayBuffer>[],
  { latency, signal }: Exchange,
): Reply {
  return { status, headers, frames, body: paced(frames, latency, signal) }
}

/** Answers with JSON. */
export function replyJson(body: Wire, status: number, exchange: Exchange): Reply {
  const headers = gatewayHeaders(exchange.id, 'application/json', true)
  return createReply(status, headers, [bytesOf(JSON.stringify(body))], exchange)
}

/** Answers with the frames of an event stream. */
function replyFrames(frames: readonly Uint8Array<ArrayBuffer>[], protocol: Protocol, exchange: Exchange): Reply {
  return createReply(200, gatewayHeaders(exchange.id, eventStream[protocol], false), frames, exchange)
}

function framesOf(scenario: AnswerScenario, conversation: Conversation, exchange: Exchange): Uint8Array<ArrayBuffer>[] {
  const answer = prepareAnswer(scenario, conversation, exchange.id)
  if (answer.usage) exchange.spend(answer.usage.totalTokens)
  const frames =
    conversation.protocol === 'compatible'
      ? streamCompatible(answer, conversation.includeUsage)
      : streamDashscope(answer, shapeOf(conversation), conversation.incremental ?? false)
  return frames.map(bytesOf)
}

/** Answers with a scenario, whole or as a stream, in the protocol of the request. */
export function replyAnswer(scenario: AnswerScenario, conversation: Conversation, exchange: Exchange): Reply {
  const { protocol } = conversation
  if (conversation.stream) return replyFrames(framesOf(scenario, conversation, exchange), protocol, exchange)
  const answer = prepareAnswer(scenario, conversation, exchange.id)
  if (answer.usage) exchange.spend(answer.usage.totalTokens)
  const body = protocol === 'compatible' ? respondCompatible(answer) : respondDashscope(answer, shapeOf(conversation))
  return replyJson(body, 200, exchange)
}

/** Answers with an HTTP error. */
export function replyRefusal(refusal: Refusal, protocol: Protocol, exchange: Exchange): Reply {
  return replyJson(errorBody(protocol, refusal), refusal.status, exchange)
}

/** Answers with an error inside a stream of status 200, as the native gateway does for an invalid request. */
export function replyErrorFrame(
  refusal: Refusal,
  protocol: Protocol,
  before: readonly Uint8Array<ArrayBuffer>[],
  exchange: Exchange,
): Reply {
  const frame =
    protocol === 'compatible' ? errorFrameCompatible(refusal) : errorFrameDashscope(refusal, before.length + 1)
  return replyFrames([...before, bytesOf(frame)], protocol, exchange)
}

/** Answers with an error if the answer does not have the place of a fault: a test would pass without its fault. */
export function replyMisplaced(place: Place, protocol: Protocol, exchange: Exchange): Reply {
  const message = `The answer ends before the place of the fault, ${JSON.stringify(place)}; queue a longer one.`
  return replyRefusal({ status: 400, code: 'MockFaultNotReached', message, requestId: exchange.id }, protocol, exchange)
}

/** Answers with an error if no recording fits the request. */
export function replyUnrecorded({ protocol = 'dashscope', model, path }: MockRequest, exchange: Exchange): Reply {
  const message = `No recording fits: neither this request was recorded, nor another to ${path} with the model ${model ?? '(none)'} and this shape.`
  return replyRefusal({ status: 400, code: 'MockNotRecorded', message, requestId: exchange.id }, protocol, exchange)
}

const commonErrors: Readonly<Record<number, { compatible: string; dashscope: string }>> = {
  400: { compatible: 'invalid_parameter_error', dashscope: 'InvalidParameter' },
  401: { compatible: 'invalid_api_key', dashscope: 'InvalidApiKey' },
  403: { compatible: 'access_denied', dashscope: 'AccessDenied' },
  404: { compatible: 'model_not_found', dashscope: 'ModelNotFound' },
  429: { compatible: 'limit_requests', dashscope: 'Throttling.RateQuota' },
  500: { compatible: 'internal_error', dashscope: 'InternalError' },
  503: { compatible: 'ModelUnavailable', dashscope: 'ModelUnavailable' },
}

/** Returns the error of a scenario or a fault in the format of a protocol. */
export function refusalOf(
  {
    status,
    code = commonErrors[status] ?? 'InternalError',
    message,
  }: Pick<ErrorScenario, 'status' | 'code' | 'message'>,
  protocol: Protocol,
  requestId: string,
): Refusal {
  const name = typeof code === 'string' ? code : code[protocol]
  const words = typeof message === 'string' ? message : message?.[protocol]
  return { status, code: name, message: words ?? `The mock answers ${name}.`, requestId }
}

/** Writes the seconds or the date of `Retry-After`. */
function retryAfterOf(value: number | Date): string {
  return typeof value === 'number' ? String(value) : value.toUTCString()
}

/** Answers with the error of a scenario. `conversation` is undefined for uploads and temporary keys, which are native. */
export function replyError(scenario: ErrorScenario, conversation: Conversation | undefined, exchange: Exchange): Reply {
  const protocol = conversation?.protocol ?? 'dashscope'
  const { after, retryAfter } = scenario
  const refusal = refusalOf(scenario, protocol, exchange.id)
  if (after !== undefined && conversation?.stream) {
    const before = framesUntil(framesOf(scenario.answer ?? echo(conversation), conversation, exchange), after)
    return before ? replyErrorFrame(refusal, protocol, before, exchange) : replyMisplaced(after, protocol, exchange)
  }
  const reply = replyRefusal(refusal, protocol, exchange)
  if (retryAfter !== undefined) reply.headers.set('retry-after', retryAfterOf(retryAfter))
  return reply
}

/** Answers with the bytes of a scenario, unchanged. */
export function replyRaw({ status = 200, body }: RawScenario, exchange: Exchange): Reply {
  const bytes = typeof body === 'string' ? bytesOf(body) : new Uint8Array(body)
  const headers = new Headers({ 'x-request-id': exchange.id })
  return { ...createReply(status, headers, [bytes], exchange), frames: cutFrames(bytes) }
}
