import type { ByteStream } from '../faults/bytes.ts'

/** An answer before it is a `Response`. */
export interface Reply {
  status: number
  headers: Headers
  /** Nothing where there is no body. */
  body: ByteStream | undefined
  /** The body before any fault, frame by frame, where its end is known. */
  frames?: readonly Uint8Array<ArrayBuffer>[] | undefined
}

/** The context of one call. */
export interface Exchange {
  /** The id of the exchange: natively the request id. */
  id: string
  /** ms before each frame. */
  latency: number
  /** Aborted when the caller gives up. */
  signal: AbortSignal
  /** Counts the tokens of an answer against the limits. */
  spend: (tokens: number) => void
}

/** An id in the form of a UUID, counted up so that answers can be compared. */
export function idOf(count: number): string {
  return `00000000-0000-4000-8000-${String(count).padStart(12, '0')}`
}

/** The headers that come with every answer of the gateway (recorded). */
export function gatewayHeaders(id: string, contentType: string, finished: boolean): Headers {
  return new Headers({
    'content-type': contentType,
    'x-dashscope-call-gateway': 'true',
    'x-dashscope-finished': String(finished),
    'x-request-id': id,
  })
}
