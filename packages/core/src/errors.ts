import type { ChatResult } from './chat/result.ts'

/** What went wrong, in one word; `docs/errors.md` says when each comes and what to do. */
export type ErrorCode =
  // the service said no
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
  // the way there and back
  | 'connection'
  | 'timeout'
  | 'incomplete'
  | 'protocol'
  // this side
  | 'unsupported'
  | 'validation'
  | 'media'
  | 'output'
  | 'tool'
  | 'configuration'

/** Every error of this library. An abort is none: it rejects with the signal's own reason. */
export class DualscopeError extends Error {
  override name = 'DualscopeError'
  /** What went wrong, in one word. */
  readonly code: ErrorCode
  /** What had come before a stream broke. */
  declare partial?: ChatResult

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }

  /** Where this kind of error is explained, in the project's documents. It is no part of the message. */
  get docs(): string {
    return `docs/errors.md#${this.code}`
  }
}

/** What is known of the service's refusal. */
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

/** The service said no: over HTTP, or inside a stream that had begun with 200. */
export class ApiError extends DualscopeError {
  override name = 'ApiError'
  /** The HTTP status; of an error inside a stream the one that the stream tells, else the one documented for its code. */
  readonly status: number
  /** The service's own code. */
  readonly serviceCode: string | undefined
  /** What Alibaba Cloud support asks for. */
  readonly requestId: string | undefined
  /** The `protocol` of the transport that was answered so. */
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
