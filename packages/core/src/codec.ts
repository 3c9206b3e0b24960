import type { ChatChunk } from './chat/chunk.ts'
import type { ErrorCode } from './errors.ts'
import type { JsonObject } from './json.ts'
import type { PreparedRequest } from './request/prepare.ts'

/** A field that a protocol or a model cannot carry. */
export interface Unsupported {
  /** In the request's own spelling: `maxFrames`. */
  field: string
  /** Where it stands: `messages[0].content[1].maxFrames`. */
  path: string
  /** Why, and which protocol or model can. */
  message: string
}

/** One HTTP request of a protocol, without host and key. */
export interface WireRequest {
  headers: Readonly<Record<string, string>>
  body: JsonObject
  /** What had to be left out of it; the engine refuses to send it, or tells `onDrop`. */
  unsupported: readonly Unsupported[]
}

/** One event of an SSE stream. */
export interface ServerEvent {
  id?: string | undefined
  event?: string | undefined
  data: string
  /** The comment lines between the last event and this one's data. */
  comment?: string | undefined
  /** The stream ended without the blank line that ends an event, so the data may be cut. */
  unterminated?: boolean | undefined
}

/** A refusal of the service as it came. */
export interface Refusal {
  /** The HTTP status, or one that the event tells; undefined where neither does. */
  status: number | undefined
  /** The answer's body, or the data of an event. */
  body: string
}

/** A refusal of the service, decoded. */
export interface WireFault {
  code: ErrorCode
  status: number
  serviceCode: string | undefined
  /** The service's own words. */
  message: string
  requestId: string | undefined
  retryable: boolean
  /** One more attempt at the most. */
  retryOnce?: boolean | undefined
  /** The route does not serve this model: another one may. */
  wrongRoute?: boolean | undefined
  /** The model answers in streams alone. */
  streamOnly?: boolean | undefined
}

/** What a message of the service says: a chunk, or a refusal, which `decodeError` reads. */
export type Decoded = ChatChunk | { refusal: Refusal }

/**
 * A protocol as pure functions: how a request is written and how answers are read. It keeps no state and does no I/O;
 * `createTransport` makes a transport of it.
 */
export interface Codec {
  /** The protocol's name, as in `result.protocol`. */
  readonly protocol: string
  /** The data of the event that ends a stream, where there is one. */
  readonly terminator?: string | undefined
  /** Where a request may go, the best first: paths below the base URL. */
  routes(request: PreparedRequest): readonly string[]
  /** Writes the request for one of its routes. It may load what writes requests that are not `plain`. */
  encodeRequest(
    request: PreparedRequest,
    target: { route: string; stream: boolean },
  ): WireRequest | Promise<WireRequest>
  /** Reads a whole answer, which is parsed JSON. */
  decodeResponse(body: unknown): Decoded
  /** Reads one event of a streamed answer. */
  decodeEvent(event: ServerEvent): Decoded
  /** Reads a refusal, whatever its body is: an answer whose status is not 2xx, or what came instead of a chunk. */
  decodeError(refusal: Refusal): WireFault | Promise<WireFault>
}
