import type { ByteStream } from '../faults/bytes.ts'

/** An answer before it is a `Response`. */
export interface Reply {
  status: number
  headers: Headers
  /** Undefined for a response without a body. */
  body: ByteStream | undefined
  /** The frames of the body before any fault; undefined if they are unknown. */
  frames?: readonly Uint8Array<ArrayBuffer>[] | undefined
}

/** The context of one call. */
export interface Exchange {
  /** The id of the exchange; over the native protocol, the request id. */
  id: string
  /** ms before each frame. */
  latency: number
  /** Aborted when the caller gives up. */
  signal: AbortSignal
  /** Counts the tokens of an answer against the limits. */
  spend: (tokens: number) => void
}

/** Creates an id in the form of a UUID. It is a count, so that answers can be compared. */
export function idOf(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`
}

/** Creates the headers of every response of the gateway (recorded). */
export function gatewayHeaders(id: string, contentType: string, finished: boolean): Headers {
  return new Headers({
    'content-type': contentType,
    'x-dashscope-call-gateway': 'true',
    'x-dashscope-finished': String(finished),
    'x-request-id': id,
  })
}
