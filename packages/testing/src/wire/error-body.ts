import type { Protocol } from '../protocol.ts'
import type { Wire } from './usage.ts'

/** An error of the service, in the spelling of a protocol. */
export interface Refusal {
  status: number
  code: string
  message: string
  requestId: string
}

/** Creates the JSON body of an error (recorded and documented, both protocols). */
export function errorBody(protocol: Protocol, { status, code, message, requestId }: Refusal): Wire {
  return protocol === 'dashscope'
    ? { code, message, request_id: requestId }
    : {
        error: { message, type: status < 402 ? 'invalid_request_error' : code, param: null, code },
        request_id: requestId,
      }
}
