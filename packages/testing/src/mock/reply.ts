import { prepareAnswer } from './prepare-answer.ts'
import type { Asked } from '../rules/conversation.ts'
import { bytesOf, paced } from '../faults/bytes.ts'
import { echo } from './echo.ts'
import { errorBody, type Refusal } from '../wire/error-body.ts'
import { type Exchange, gatewayHeaders, type Reply } from './exchange.ts'
import type { Protocol } from '../protocol.ts'
import { errorFrameCompatible, respondCompatible, streamCompatible } from '../wire/compatible.ts'
import { type DashscopeShape, errorFrameDashscope, respondDashscope, streamDashscope } from '../wire/dashscope.ts'
import type { AnswerScenario, ErrorScenario, RawScenario } from './scenario.ts'
import type { Wire } from '../wire/usage.ts'

const eventStream = { compatible: 'text/event-stream', dashscope: 'text/event-stream;charset=UTF-8' }

const shapeOf = ({ service = 'text-generation', resultFormat }: Asked): DashscopeShape => ({
  service,
  // "The default is text on many models"; it has no effect on multimodal-generation.
  resultFormat: service === 'text-generation' ? (resultFormat ?? 'text') : 'message',
})

const replyJson = (body: Wire, status: number, exchange: Exchange): Reply => ({
  status,
  headers: gatewayHeaders(exchange.id, 'application/json', true),
  body: paced([bytesOf(JSON.stringify(body))], exchange.latency, exchange.signal),
})

const replyFrames = (frames: readonly string[], protocol: Protocol, exchange: Exchange): Reply => ({
  status: 200,
  headers: gatewayHeaders(exchange.id, eventStream[protocol], false),
  body: paced(frames.map(bytesOf), exchange.latency, exchange.signal),
})

const framesOf = (scenario: AnswerScenario, asked: Asked, id: string): string[] => {
  const answer = prepareAnswer(scenario, asked, id)
  return asked.protocol === 'compatible'
    ? streamCompatible(answer, asked.includeUsage)
    : streamDashscope(answer, shapeOf(asked), asked.incremental ?? false)
}

/** Answers as a scenario says, whole or as a stream, in the protocol that asked. */
export const replyAnswer = (scenario: AnswerScenario, asked: Asked, exchange: Exchange): Reply => {
  const { protocol } = asked
  if (asked.stream) return replyFrames(framesOf(scenario, asked, exchange.id), protocol, exchange)
  const answer = prepareAnswer(scenario, asked, exchange.id)
  const body = protocol === 'compatible' ? respondCompatible(answer) : respondDashscope(answer, shapeOf(asked))
  return replyJson(body, 200, exchange)
}

/** Refuses over HTTP. */
export const replyRefusal = (refusal: Refusal, protocol: Protocol, exchange: Exchange): Reply =>
  replyJson(errorBody(protocol, refusal), refusal.status, exchange)

/** An error inside a stream, as the frame of that number. */
export const errorFrame = (refusal: Refusal, protocol: Protocol, number: number): string =>
  protocol === 'compatible' ? errorFrameCompatible(refusal) : errorFrameDashscope(refusal, number)

/** Refuses inside a stream of status 200, as the native gateway does with a bad request. */
export const replyErrorFrame = (
  refusal: Refusal,
  protocol: Protocol,
  before: readonly string[],
  exchange: Exchange,
): Reply => replyFrames([...before, errorFrame(refusal, protocol, before.length + 1)], protocol, exchange)

/** What a scenario or a fault says of a refusal, in one protocol's spelling. */
export const refusalOf = (
  { status, code, message }: Pick<ErrorScenario, 'status' | 'code' | 'message'>,
  protocol: Protocol,
  requestId: string,
): Refusal => ({
  status,
  code: typeof code === 'string' ? code : code[protocol],
  message: typeof message === 'string' ? message : message[protocol],
  requestId,
})

/** A date in the form of HTTP, or seconds. */
const retryAfterOf = (value: number | Date): string => (typeof value === 'number' ? String(value) : value.toUTCString())

/** Refuses as a scenario says. `asked` is undefined for the steps of an upload, which are native. */
export const replyError = (scenario: ErrorScenario, asked: Asked | undefined, exchange: Exchange): Reply => {
  const protocol = asked?.protocol ?? 'dashscope'
  const { after, retryAfter } = scenario
  const refusal = refusalOf(scenario, protocol, exchange.id)
  if (after !== undefined && asked?.stream) {
    const before = framesOf(scenario.answer ?? echo(asked), asked, exchange.id).slice(0, after)
    return replyErrorFrame(refusal, protocol, before, exchange)
  }
  const reply = replyRefusal(refusal, protocol, exchange)
  if (retryAfter !== undefined) reply.headers.set('retry-after', retryAfterOf(retryAfter))
  return reply
}

/** Answers with bytes as they are. */
export const replyRaw = ({ status = 200, body }: RawScenario, exchange: Exchange): Reply => {
  const bytes = typeof body === 'string' ? bytesOf(body) : new Uint8Array(body)
  return {
    status,
    headers: new Headers({ 'x-request-id': exchange.id }),
    body: paced([bytes], exchange.latency, exchange.signal),
  }
}
