import { bytesOf, paced } from '../faults/bytes.ts'
import type { Protocol } from '../protocol.ts'
import type { Conversation } from '../rules/conversation.ts'
import { errorFrameCompatible, respondCompatible, streamCompatible } from '../wire/compatible.ts'
import { type DashscopeShape, errorFrameDashscope, respondDashscope, streamDashscope } from '../wire/dashscope.ts'
import { errorBody, type Refusal } from '../wire/error-body.ts'
import type { Wire } from '../wire/usage.ts'
import { echo } from './echo.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'
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

function replyJson(body: Wire, status: number, exchange: Exchange): Reply {
  return {
    status,
    headers: gatewayHeaders(exchange.id, 'application/json', true),
    body: paced([bytesOf(JSON.stringify(body))], exchange.latency, exchange.signal),
  }
}

function replyFrames(frames: readonly string[], protocol: Protocol, exchange: Exchange): Reply {
  return {
    status: 200,
    headers: gatewayHeaders(exchange.id, eventStream[protocol], false),
    body: paced(frames.map(bytesOf), exchange.latency, exchange.signal),
  }
}

function framesOf(scenario: AnswerScenario, conversation: Conversation, exchange: Exchange): string[] {
  const answer = prepareAnswer(scenario, conversation, exchange.id)
  if (answer.usage) exchange.spend(answer.usage.totalTokens)
  return conversation.protocol === 'compatible'
    ? streamCompatible(answer, conversation.includeUsage)
    : streamDashscope(answer, shapeOf(conversation), conversation.incremental ?? false)
}

/** Answers as a scenario says, whole or as a stream, in the protocol that asked. */
export function replyAnswer(scenario: AnswerScenario, conversation: Conversation, exchange: Exchange): Reply {
  const { protocol } = conversation
  if (conversation.stream) return replyFrames(framesOf(scenario, conversation, exchange), protocol, exchange)
  const answer = prepareAnswer(scenario, conversation, exchange.id)
  if (answer.usage) exchange.spend(answer.usage.totalTokens)
  const body = protocol === 'compatible' ? respondCompatible(answer) : respondDashscope(answer, shapeOf(conversation))
  return replyJson(body, 200, exchange)
}

/** Refuses over HTTP. */
export function replyRefusal(refusal: Refusal, protocol: Protocol, exchange: Exchange): Reply {
  return replyJson(errorBody(protocol, refusal), refusal.status, exchange)
}

/** An error inside a stream, as the frame of that number. */
export function errorFrame(refusal: Refusal, protocol: Protocol, number: number): string {
  return protocol === 'compatible' ? errorFrameCompatible(refusal) : errorFrameDashscope(refusal, number)
}

/** Refuses inside a stream of status 200, as the native gateway does with a bad request. */
export function replyErrorFrame(
  refusal: Refusal,
  protocol: Protocol,
  before: readonly string[],
  exchange: Exchange,
): Reply {
  return replyFrames([...before, errorFrame(refusal, protocol, before.length + 1)], protocol, exchange)
}

/** Returns the error of a scenario or a fault in one protocol's format. */
export function refusalOf(
  { status, code: codes, message }: Pick<ErrorScenario, 'status' | 'code' | 'message'>,
  protocol: Protocol,
  requestId: string,
): Refusal {
  const code = typeof codes === 'string' ? codes : codes[protocol]
  const words = message ?? `The scenario answers ${status} ${code}.`
  return { status, code, message: typeof words === 'string' ? words : words[protocol], requestId }
}

/** A date in the form of HTTP, or seconds. */
function retryAfterOf(value: number | Date): string {
  return typeof value === 'number' ? String(value) : value.toUTCString()
}

/** Refuses as a scenario says. `asked` is undefined for the steps of an upload, which are native. */
export function replyError(scenario: ErrorScenario, conversation: Conversation | undefined, exchange: Exchange): Reply {
  const protocol = conversation?.protocol ?? 'dashscope'
  const { after, retryAfter } = scenario
  const refusal = refusalOf(scenario, protocol, exchange.id)
  if (after !== undefined && conversation?.stream) {
    const before = framesOf(scenario.answer ?? echo(conversation), conversation, exchange).slice(0, after)
    return replyErrorFrame(refusal, protocol, before, exchange)
  }
  const reply = replyRefusal(refusal, protocol, exchange)
  if (retryAfter !== undefined) reply.headers.set('retry-after', retryAfterOf(retryAfter))
  return reply
}

/** Answers with bytes as they are. */
export function replyRaw({ status = 200, body }: RawScenario, exchange: Exchange): Reply {
  const bytes = typeof body === 'string' ? bytesOf(body) : new Uint8Array(body)
  return {
    status,
    headers: new Headers({ 'x-request-id': exchange.id }),
    body: paced([bytes], exchange.latency, exchange.signal),
  }
}
