import { APICallError, UnsupportedFunctionalityError } from '@ai-sdk/provider'
import { ApiError, DualscopeError, type ErrorCode } from '@dualscope/core'

import type { Exchange } from './exchange.ts'

const onTheWay: readonly ErrorCode[] = ['connection', 'timeout', 'incomplete', 'protocol']

/**
 * Returns the AI SDK's error for one of ours. What the service or the network answered is an `APICallError`, which the AI SDK
 * retries if it may help; what cannot be sent is an `UnsupportedFunctionalityError`. Any other error stays what it is.
 */
export function toCallError(error: unknown, exchange: Exchange): unknown {
  if (!(error instanceof DualscopeError)) return error
  const { code, message, partial } = error
  if (code === 'unsupported') return new UnsupportedFunctionalityError({ functionality: message, message })
  const answered = error instanceof ApiError ? error : undefined
  if (!answered && !onTheWay.includes(code)) return error
  const { request, response, body } = exchange
  const statusCode = answered?.status ?? response?.status
  return new APICallError({
    message,
    url: request?.url ?? '',
    requestBodyValues: request?.body,
    ...(statusCode !== undefined && { statusCode }),
    ...(response && { responseHeaders: response.headers }),
    ...(body && { responseBody: body() }),
    cause: error,
    isRetryable: answered ? answered.retryable : isBroken(code, response?.status),
    data: {
      code,
      ...(answered && { serviceCode: answered.serviceCode, requestId: answered.requestId }),
      ...(partial && { partial: { text: partial.text, reasoning: partial.reasoning } }),
    },
  })
}

/** A broken connection may hold the next time. A redirect is a `connection` error too, and stays one. */
function isBroken(code: ErrorCode, status = 200): boolean {
  return code === 'incomplete' || (code === 'connection' && status < 300)
}
