import type { ChatChunk } from './chat/chunk.ts'
import type { CallOptions, HeaderFields, TransportRequest } from './chat/request.ts'
import type { Region } from './models/model-info.ts'
import type { Observers } from './observe.ts'

/** How a transport is called: the options of a call, and observers for this call alone, such as those of telemetry. */
export interface TransportCallOptions extends CallOptions, Observers {}

/**
 * Sends requests to a model and returns its answer as chunks. A client needs nothing else, so wrap a transport to change
 * what is sent or received.
 */
export interface Transport {
  /** 'compatible', 'dashscope' or a name of your own. */
  readonly protocol: string
  /** Sends a request and resolves with the whole answer. */
  send(request: TransportRequest, options?: TransportCallOptions): Promise<ChatChunk>
  /**
   * Streams an answer. Each item holds the chunks that one read of the network completed, in order, never empty; a transport
   * without batches yields `[chunk]`. Nothing is sent before the first pull. Aborting `options.signal` closes the
   * connection at once; so does returning the iterator, which waits for a pull in flight.
   */
  stream(request: TransportRequest, options?: TransportCallOptions): AsyncIterable<readonly ChatChunk[]>
}

/** The same for every protocol. */
export interface TransportOptions extends Observers {
  /** The key, or a function that is called for each request. @default the environment's DASHSCOPE_API_KEY, read at call time */
  apiKey?: string | (() => string | Promise<string>) | undefined
  /** The region of the key: each region has its own hosts and keys. @default 'beijing' */
  region?: Region | undefined
  /**
   * The workspace id, 1 to 63 of `A-Z a-z 0-9 -`: part of the host, which is the form that the service recommends, and a header.
   * `trial` is the host for quick tests, with lower rate limits.
   */
  workspace?: string | undefined
  /**
   * The URL before the protocol's own path, so that one value serves both protocols; the path of a protocol at its end, such
   * as `/compatible-mode/v1` or `/api/v1`, is removed. It comes before an explicit region, that before the environment's DASHSCOPE_BASE_URL, that
   * before Beijing.
   */
  baseUrl?: string | URL | undefined
  /** Allows plain `http:` to a host that is not loopback. @default false */
  allowHttp?: boolean | undefined
  /** Added to every request; they win over the library's own. */
  headers?: HeaderFields | undefined
  /** ms of silence: until the answer's head, and between stream events. @default 300_000 */
  timeout?: number | undefined
  /** ms for the whole call, retries included. @default none */
  totalTimeout?: number | undefined
  /** Attempts after the first, for temporary errors. `stream()` never retries after the first chunk with content. @default 2 */
  retries?: number | undefined
  /** How to treat a field that this protocol or model does not support: throw, or leave it out and report it to `onDrop`. @default 'error' */
  unsupported?: 'error' | 'drop' | undefined
  /** How Blobs travel: as a data URL, or uploaded to an `oss://` URL. @default 'auto', by size */
  media?: 'auto' | 'inline' | 'upload' | undefined
  /** Checks requests against the model catalogue. @default true */
  validate?: boolean | undefined
  /** Sends every request, for example through a proxy or to a mock. @default the runtime's */
  fetch?: typeof globalThis.fetch | undefined
}
