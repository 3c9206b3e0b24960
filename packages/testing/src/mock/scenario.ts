import type { FinishReason, SearchSource, Usage } from '@dualscope/core'

import type { Fault } from '../faults/faults.ts'
import type { Place } from '../faults/place.ts'

/** Options of every scenario. */
export interface ScenarioOptions {
  /**
   * The kind of request that it answers: a chat, a step of an upload or the creation of a temporary key. All but chats take only
   * an error, raw bytes or a fault.
   * @default 'chat'
   */
  endpoint?: 'chat' | 'policy' | 'upload' | 'token' | undefined
  /** The faults of the answer; several are applied in order. */
  fault?: Fault | readonly Fault[] | undefined
  /** Headers added to the answer; they replace others of the same name. */
  headers?: Readonly<Record<string, string>> | undefined
  /** ms before each frame of a stream, and before a whole answer. @default the mock's `latency` */
  latency?: number | undefined
}

/** A tool call. Explicit pieces of `arguments` come as one delta each. */
export interface ScenarioToolCall {
  /** @default derived from the id of the exchange */
  id?: string | undefined
  name: string
  /** JSON text; as a list, the pieces of a stream. @default '{}' */
  arguments?: string | readonly string[] | undefined
}

/**
 * An answer of the model, for requests over either protocol. With only the options of every scenario, such as `fault`, the mock
 * answers from the request. `reasoning` and `text` may be lists: the pieces of a stream.
 */
export interface AnswerScenario extends ScenarioOptions {
  type?: 'answer' | undefined
  reasoning?: string | readonly string[] | undefined
  text?: string | readonly string[] | undefined
  toolCalls?: readonly ScenarioToolCall[] | undefined
  /** Also any other word of the service; `null` never finishes. @default 'tool-calls' with calls, else 'stop' */
  finishReason?: FinishReason | (string & {}) | null | undefined
  /** Tokens; `null` leaves usage out. @default an estimate of four characters each */
  usage?: Usage | null | undefined
  /** Pages that web search found; only the native protocol shows them. */
  sources?: readonly SearchSource[] | undefined
  /** As on the wire. */
  logprobs?: unknown
  /** The id of the answer; over the native protocol, the request id. @default the id of the exchange */
  id?: string | undefined
  /** The model in the answer, over the compatible protocol only. @default the model of the request */
  model?: string | undefined
}

/** An error of the service. A pair of texts has one for each protocol. */
export interface ErrorScenario extends ScenarioOptions {
  type: 'error'
  status: number
  /** @default a common one for the status, such as `limit_requests` and `Throttling.RateQuota` for 429 */
  code?: string | { compatible: string; dashscope: string } | undefined
  /** @default a sentence that names the code */
  message?: string | { compatible: string; dashscope: string } | undefined
  /** `Retry-After`: seconds, or the date to wait for. */
  retryAfter?: number | Date | undefined
  /**
   * The place of the error inside a stream of status 200, counted in `answer`; 0 begins the stream with it. Without a place, or
   * without a stream, the error is an HTTP response of `status`.
   */
  after?: Place | undefined
  /** The answer whose deltas come before the error. @default the mock's own answer */
  answer?: AnswerScenario | undefined
}

/** Unchanged bytes, for instance of a fixture. */
export interface RawScenario extends ScenarioOptions {
  type: 'raw'
  /** @default 200 */
  status?: number | undefined
  body: string | Uint8Array
}

/** The next answer of the mock. */
export type Scenario = AnswerScenario | ErrorScenario | RawScenario
