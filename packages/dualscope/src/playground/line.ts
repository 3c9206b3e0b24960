import type {
  ChatEvent,
  CostEstimate,
  ErrorCode,
  FinishReason,
  RequestNotice,
  TransportOptions,
  Usage,
} from '@dualscope/core'

export type Protocol = 'compatible' | 'dashscope'

/** A message from the server to the page during an answer: a line of JSON. */
export type Line = {
  protocol: Protocol
  /** ms since the request. */
  at: number
} & (
  | { type: 'request'; request: RequestNotice }
  /** An event, or the body of a whole response, as the service sent it. */
  | { type: 'wire'; text: string }
  | { type: 'event'; event: ChatEvent }
  | {
      type: 'done'
      finishReason: FinishReason
      usage: Usage | undefined
      cost: CostEstimate | undefined
      /** ms until the first delta. */
      first: number | undefined
      reasoning: string
    }
  | { type: 'error'; code: ErrorCode | 'unknown'; message: string; advice: string; requestId: string | undefined }
)

/** The state of the page before the first question. */
export interface Welcome {
  service: string
  live: boolean
  model: string
  /** The address of the service, if the page calls it itself. */
  direct?: Pick<TransportOptions, 'region' | 'workspace'> & { baseUrl?: string | undefined }
  models: { id: string; thinking: 'never' | 'optional' | 'always'; inputs: readonly string[]; retired: boolean }[]
}
