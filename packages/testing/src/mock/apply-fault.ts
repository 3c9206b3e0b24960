import { applyBodyFault } from '../faults/apply-body-fault.ts'
import { type ByteStream, bytesOf, paced, wait } from '../faults/bytes.ts'
import type { Fault } from '../faults/faults.ts'
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
    default:
      return reply.body ? { ...reply, body: applyBodyFault(reply.body, fault, signal) } : reply
  }
}
