import type { ChatEvent, CostEstimate, ErrorCode, FinishReason, RequestNotice, Usage } from '@dualscope/core'

export type Protocol = 'compatible' | 'dashscope'

/** A message from the server to the page while a question is answered: JSON, a line each. */
export type Line = { protocol: Protocol } & (
  | { type: 'request'; request: RequestNotice }
  | { type: 'event'; event: ChatEvent }
  | {
      type: 'done'
      finishReason: FinishReason
      usage: Usage | undefined
      cost: CostEstimate | undefined
      /** ms until the first delta, and until the end. */
      first: number | undefined
      total: number
    }
  | { type: 'error'; code: ErrorCode | 'unknown'; message: string; requestId: string | undefined }
)

/** The state of the page before the first question. */
export interface Welcome {
  service: string
  live: boolean
  models: { id: string; thinking: 'never' | 'optional' | 'always'; inputs: readonly string[]; retired: boolean }[]
}
