import { ApiError, type ChatResult, DualscopeError, type ErrorCode, type TransportRequest } from '@dualscope/core'

/** A request of a batch. */
export interface BatchItem {
  /** Names the request in its answer; unique in the batch. */
  id: string
  request: TransportRequest
}

/** The result of a request in a line of the output. Absent details are left out. */
export type BatchResult = Pick<ChatResult, 'text' | 'reasoning' | 'toolCalls' | 'finishReason' | 'model'> & {
  output?: unknown
  usage?: NonNullable<ChatResult['usage']>
  requestId?: string
}

/** The error of a failed request. */
export interface BatchError {
  code: ErrorCode | 'unexpected'
  message: string
  requestId?: string
}

/** The answer to a request: its result or its error. */
export type BatchAnswer = { id: string; result: BatchResult } | { id: string; error: BatchError }

/** The codes of errors that would fail every further request too. */
const fatal: readonly string[] = ['authentication', 'billing', 'configuration'] satisfies ErrorCode[]

/** Whether an error ends the batch, because it is not about one request. */
export function isFatal(error: unknown): boolean {
  return error instanceof DualscopeError && fatal.includes(error.code)
}

/** Picks the fields of a result for the output. */
export function toBatchResult(result: ChatResult<unknown>): BatchResult {
  const { text, reasoning, toolCalls, output, finishReason, usage, model, requestId } = result
  return {
    text,
    reasoning,
    toolCalls,
    ...(output !== undefined && { output }),
    finishReason,
    ...(usage && { usage }),
    model,
    ...(requestId !== undefined && { requestId }),
  }
}

/** Picks the fields of an error for the output. */
export function toBatchError(error: unknown): BatchError {
  if (!(error instanceof DualscopeError)) return { code: 'unexpected', message: String(error) }
  const requestId = error instanceof ApiError ? error.requestId : undefined
  return { code: error.code, message: error.message, ...(requestId !== undefined && { requestId }) }
}
