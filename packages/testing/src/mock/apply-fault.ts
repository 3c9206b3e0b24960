import { applyBodyFault } from '../faults/apply-body-fault.ts'
import { BrokenConnection } from '../faults/broken-connection.ts'
import { bytesOf, paced, wait } from '../faults/bytes.ts'
import type { Fault } from '../faults/faults.ts'
import { framesUntil, type Place } from '../faults/place.ts'
import type { Conversation } from '../rules/conversation.ts'
import type { Exchange, Reply } from './exchange.ts'
import { limitWords } from './limits.ts'
import { refusalOf, replyError, replyErrorFrame, replyMisplaced } from './reply.ts'

function htmlPage(status: number) {
  return `<html>\r\n<head><title>${status} Bad Gateway</title></head>\r\n<body>\r\n<center><h1>${status} Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n`
}

const throttled = {
  code: { compatible: 'limit_requests', dashscope: 'Throttling.RateQuota' },
  message: limitWords.requests,
}

function isEventStream({ frames = [] }: Reply): boolean {
  return /^\s*(data|id|event|retry)?:/.test(new TextDecoder().decode(frames[0]))
}

/** Returns the place in this answer; in a whole answer, its middle. Undefined if the answer ends before the place. */
function placeIn(reply: Reply, place: Place): Place | undefined {
  const { frames = [] } = reply
  if (isEventStream(reply) || place === 0 || (typeof place === 'object' && 'bytes' in place)) {
    return framesUntil(frames, place) && place
  }
  const size = frames.reduce((sum, { length }) => sum + length, 0)
  return size > 1 ? { bytes: Math.floor(size / 2) } : undefined
}

/** Applies a fault to an answer. */
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
      if (!conversation?.stream || !isEventStream(reply)) {
        return replyError({ ...fault, type: 'error', after: undefined }, conversation, exchange)
      }
      const { protocol } = conversation
      const before = framesUntil(reply.frames ?? [], fault.after)
      if (!before) return replyMisplaced(fault.after, protocol, exchange)
      return replyErrorFrame(refusalOf(fault, protocol, exchange.id), protocol, before, exchange)
    }
    case 'no-connection':
      throw new BrokenConnection('fetch failed')
    case 'silence':
      await wait(fault.ms, signal)
      return reply
    case 'not-streamed':
      // The answer was made whole before its faults.
      return reply
    case 'end':
    case 'reset':
    case 'stall': {
      if (!reply.body) return reply
      const after = placeIn(reply, fault.after)
      if (after === undefined) {
        return replyMisplaced(fault.after, conversation?.protocol ?? 'dashscope', exchange)
      }
      return { ...reply, body: applyBodyFault(reply.body, { ...fault, after }, signal) }
    }
    default:
      return reply.body ? { ...reply, body: applyBodyFault(reply.body, fault, signal) } : reply
  }
}
