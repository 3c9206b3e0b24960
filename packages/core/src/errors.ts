import type { ChatResult } from './chat/result.ts'

/** The kind of an error. `docs/errors.md` says when each occurs and what to do. */
export type ErrorCode =
  // errors from the service
  | 'authentication'
  | 'permission'
  | 'billing'
  | 'not-found'
  | 'invalid-request'
  | 'content-inspection'
  | 'context-length'
  | 'rate-limit'
  | 'overloaded'
  | 'server'
  // network errors
  | 'connection'
  | 'timeout'
  | 'incomplete'
  | 'protocol'
  // errors before sending, and of what is done with an answer
  | 'unsupported'
  | 'validation'
  | 'media'
  | 'output'
  | 'tool'
  | 'configuration'

/** Base class of all errors thrown by this library. Aborts are the exception: they reject with the signal's reason. */
export class DualscopeError extends Error {
  override name = 'DualscopeError'
  /** The kind of the error. */
  readonly code: ErrorCode
  /** The part of the answer that arrived before the failure. */
  declare partial?: ChatResult

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** The place in the project's documents that explains this kind of error. It is not part of the message. */
  get docs(): string {
    return `docs/errors.md#${this.code}`
  }
}

/** Details of an error response. */
export interface ApiErrorDetails {
  code: ErrorCode
  message: string
  status: number
  serviceCode: string | undefined
  requestId: string | undefined
  protocol: string
  retryable: boolean
  /** ms */
  retryAfter?: number | undefined
}

/** The service answered with an error: over HTTP, or inside a stream that had begun with status 200. */
export class ApiError extends DualscopeError {
  override name = 'ApiError'
  /** The HTTP status. Inside a stream it is the status that the stream states, else the one documented for the code. */
  readonly status: number
  /** The service's own error code. */
  readonly serviceCode: string | undefined
  /** The id that Alibaba Cloud support asks for. */
  readonly requestId: string | undefined
  /** The `protocol` of the transport that received the error. */
  readonly protocol: string
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** How long the service asks to wait, in ms. */
  declare readonly retryAfter?: number

  constructor(details: ApiErrorDetails) {
    super(details.code, details.message)
    this.status = details.status
    this.serviceCode = details.serviceCode
    this.requestId = details.requestId
    this.protocol = details.protocol
    this.retryable = details.retryable
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter
  }
}

/** A place where data does not match its schema, and the reason. */
export interface DataIssue {
  path: readonly PropertyKey[]
  message: string
}

/** The answer is not JSON, or does not match the requested schema. `partial` is the result without its output. */
export class OutputError extends DualscopeError {
  override name = 'OutputError'
  /** The answer as it came. */
  readonly text: string
  /** The places that do not match, with reasons. */
  readonly issues: readonly DataIssue[]

  constructor(message: string, { issues, partial }: { issues: readonly DataIssue[]; partial: ChatResult }) {
    super('output', message)
    this.text = partial.text
    this.issues = issues
    this.partial = partial
  }
}

/** Creates the error of an answer that ended without a finish reason. */
export function incompleteError(partial?: ChatResult): DualscopeError {
  const error = new DualscopeError('incomplete', 'The answer ended without a finish reason, so it may be cut')
  if (partial) error.partial = partial
  return error
}
