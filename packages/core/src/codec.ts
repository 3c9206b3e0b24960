import type { ChatChunk } from './chat/chunk.ts'
import type { ErrorCode } from './errors.ts'
import type { ServerSentEvent } from './http/events.ts'
import type { JsonObject } from './json.ts'
import type { PreparedRequest, UnsupportedField } from './request/prepared.ts'

/** One HTTP request of a protocol, without host and key. */
export interface WireRequest {
  headers: Readonly<Record<string, string>>
  body: JsonObject
  /** Fields that the protocol does not support. The transport throws `unsupported`, or reports them to `onDrop`. */
  unsupported: readonly UnsupportedField[]
}

/** An error of the service as it came. */
export interface RawError {
  /** The HTTP status, or the one that the event states; undefined if neither does. */
  status: number | undefined
  /** The body of the response, or the data of an event. */
  body: string
}

/** An error of the service, decoded. */
export interface DecodedError {
  code: ErrorCode
  status: number
  serviceCode: string | undefined
  /** The service's own words. */
  message: string
  requestId: string | undefined
  retryable: boolean
  /** One more attempt at most. */
  retryOnce?: boolean | undefined
  /** The route does not serve this model; another one may. */
  wrongRoute?: boolean | undefined
  /** The model answers only in streams. */
  streamingOnly?: boolean | undefined
}

/** A message of the service: a chunk, or an error for `decodeError`. */
export type DecodedMessage = ChatChunk | { error: RawError }

/**
 * A protocol as pure, synchronous functions: how a request is written and how answers are read. It keeps no state and does
 * no I/O; `createTransport` makes a transport of it.
 */
export interface Codec {
  /** The protocol's name, as in `result.protocol`. */
  readonly protocol: string
  /** The data of the event that ends a stream. Without it, the first event with a finish reason ends the stream. */
  readonly terminator?: string | undefined
  /** Whether an `id:` line begins an event, also without the blank line before it. @default false */
  readonly idBeginsEvent?: boolean | undefined
  /**
   * Whether the frames of a model that the catalogue does not know may repeat all that came before, although increments were
   * requested. @default false
   */
  readonly mayRepeat?: boolean | undefined
  /** Lists where a request may be sent, the best first: paths below the base URL. */
  routes(request: PreparedRequest): readonly string[]
  /** Writes the request for one of its routes. */
  encodeRequest(request: PreparedRequest, target: { route: string; stream: boolean }): WireRequest
  /** Reads a whole answer from parsed JSON. Throws `protocol` for an unknown shape. */
  decodeResponse(body: unknown): DecodedMessage
  /** Reads one event of a streamed answer. Throws `protocol` for an unknown shape. */
  decodeEvent(event: ServerSentEvent): DecodedMessage
  /** Reads an error, whatever its body: a response whose status is not 2xx, or what came instead of a chunk. */
  decodeError(error: RawError): DecodedError
}
