import { applyBodyFault } from '../faults/apply-body-fault.ts'
import { type ByteStream, bytesOf, concat, paced, wait } from '../faults/bytes.ts'
import type { BodyFault, Fault } from '../faults/faults.ts'
import type { Conversation } from '../rules/conversation.ts'
import type { Exchange, Reply } from './exchange.ts'
import { limitWords } from './limits.ts'
import { errorFrame, refusalOf, replyError } from './reply.ts'

function htmlPage(status: number) {
  return `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>${status} Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
}

const throttled = {
  code: { compatible: 'limit_requests', dashscope: 'Throttling.RateQuota' },
  message: limitWords.requests,
}

async function* followed(body: ByteStream, last: Uint8Array<ArrayBuffer>) {
  yield* body
  yield last
}

function withBodyFault(reply: Reply, fault: BodyFault, signal: AbortSignal): Reply {
  return reply.body ? { ...reply, body: applyBodyFault(reply.body, fault, signal) } : reply
}

function isEventStream({ headers }: Reply): boolean {
  return headers.get('content-type')?.includes('event-stream') ?? false
}

/** A whole answer is one frame, which these faults would leave as it is: they interrupt it in its middle instead. */
async function* interruptWhole(
  body: ByteStream,
  fault: Extract<Fault, { type: 'end' | 'stall' }>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const bytes: Uint8Array[] = []
  for await (const piece of body) bytes.push(piece)
  const whole = concat(bytes)
  const middle = fault.after === 0 ? 0 : Math.floor(whole.length / 2)
  if (middle > 0) yield whole.slice(0, middle)
  if (fault.type === 'end') return
  await wait(fault.ms, signal)
  yield whole.slice(middle)
}

/** Does to an answer what a fault says. */
export async function applyFault(
  reply: Reply,
  fault: Fault,
  conversation: Conversation | undefined,
  exchange: Exchange,
): Promise<Reply> {
  const { signal } = exchange
  switch (fault.type) {
    case 'html':
      return {
        status: fault.status,
        headers: new Headers({ 'content-type': 'text/html' }),
        body: paced([bytesOf(htmlPage(fault.status))], 0, signal),
      }
    case 'empty':
      return { status: fault.status, headers: new Headers(), body: undefined }
    case 'throttle':
      return replyError(
        { type: 'error', status: 429, ...throttled, retryAfter: fault.retryAfter },
        conversation,
        exchange,
      )
    case 'content-type':
      if (fault.value === undefined) reply.headers.delete('content-type')
      else reply.headers.set('content-type', fault.value)
      return reply
    case 'redirect': {
      const headers = new Headers({ location: fault.location })
      return { status: fault.status, headers, body: undefined }
    }
    case 'error-frame': {
      const refused = replyError({ ...fault, type: 'error' }, conversation, exchange)
      if (!conversation?.stream || !reply.body) return refused
      // Inside a stream the answer's own frames come first.
      const before = applyBodyFault(reply.body, { type: 'end', after: fault.after })
      const frame = errorFrame(
        refusalOf(fault, conversation.protocol, exchange.id),
        conversation.protocol,
        fault.after + 1,
      )
      return { ...reply, body: followed(before, bytesOf(frame)) }
    }
    case 'no-connection':
      throw new TypeError('fetch failed')
    case 'silence':
      await wait(fault.ms, signal)
      return reply
    case 'not-streamed':
      // The mock has answered whole already.
      return reply
    case 'end':
    case 'stall':
      if (!reply.body || isEventStream(reply)) return withBodyFault(reply, fault, signal)
      return { ...reply, body: interruptWhole(reply.body, fault, signal) }
    default:
      return withBodyFault(reply, fault, signal)
  }
}
