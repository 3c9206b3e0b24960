import type { Protocol } from '../protocol.ts'
import type { Wire } from './usage.ts'

/** A refusal, in one protocol's spelling. */
export interface Refusal {
  status: number
  code: string
  message: string
  requestId: string
}

/** The JSON body of a refusal (recorded and documented, both protocols). */
export function errorBody(protocol: Protocol, { status, code, message, requestId }: Refusal): Wire {
  return protocol === 'dashscope'
    ? { code, message, request_id: requestId }
    : {
        error: { message, type: status < 402 ? 'invalid_request_error' : code, param: null, code },
        request_id: requestId,
      }
}
