import type { FinishReason, SearchSource, Usage } from '@dualscope/core'

import type { Fault } from '../faults/faults.ts'
import type { Place } from '../faults/place.ts'

/** Options of every scenario. */
export interface ScenarioOptions {
  /**
   * Which kind of request it waits for: a chat, or a step of an upload, which takes an error, raw bytes or only a fault.
   * @default 'chat'
   */
  endpoint?: 'chat' | 'policy' | 'upload' | 'token' | undefined
  /** The faults of the answer; several are applied in order. */
  fault?: Fault | readonly Fault[] | undefined
  /** Headers added to the answer; they win. */
  headers?: Readonly<Record<string, string>> | undefined
  /** ms before each frame of a stream, and before a whole answer. @default the mock's `latency` */
  latency?: number | undefined
}

/** A call of a tool. Explicit pieces of `arguments` come as one delta each. */
export interface ScenarioToolCall {
  /** @default made up */
  id?: string | undefined
  name: string
  /** JSON text; a list of texts says how it is cut. @default '{}' */
  arguments?: string | readonly string[] | undefined
}

/**
 * An answer of the model, for requests over either protocol. Without any field of its own, such as only a `fault`, the mock
 * answers from the request. `reasoning` and `text` as lists of texts
 * say how a stream cuts them.
 */
export interface AnswerScenario extends ScenarioOptions {
  type?: 'answer' | undefined
  reasoning?: string | readonly string[] | undefined
  text?: string | readonly string[] | undefined
  toolCalls?: readonly ScenarioToolCall[] | undefined
  /** A word of the service's own may stand here too; `null` never finishes. @default 'tool-calls' with calls, else 'stop' */
  finishReason?: FinishReason | (string & {}) | null | undefined
  /** Tokens. @default estimated, four characters each; `null` reports none */
  usage?: Usage | null | undefined
  /** Pages that web search found; only the native protocol shows them. */
  sources?: readonly SearchSource[] | undefined
  /** As on the wire. */
  logprobs?: unknown
  /** The id of the answer; natively the request id. @default made up */
  id?: string | undefined
  /** The model that answers. Compatible only. @default the one that was asked */
  model?: string | undefined
}

/** A refusal of the service. A pair of texts says each protocol's own. */
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
   * Inside a stream of status 200, after a place of `answer`; 0 is a stream that begins with the error. Left out, or if no
   * stream was requested, it is an HTTP answer of `status`.
   */
  after?: Place | undefined
  /** The answer that the deltas before the error are taken from. @default the mock's own answer */
  answer?: AnswerScenario | undefined
}

/** Bytes as they are, for instance of a fixture. */
export interface RawScenario extends ScenarioOptions {
  type: 'raw'
  /** @default 200 */
  status?: number | undefined
  body: string | Uint8Array
}

/** The next answer of the mock. */
export type Scenario = AnswerScenario | ErrorScenario | RawScenario
