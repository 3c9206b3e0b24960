import type { DropNotice, RequestNotice, ResponseNotice } from '@dualscope/core'

/** What was seen of one call on its way: of its last HTTP exchange, if there were several. */
export interface Exchange {
  /** The request, without the key and with shortened media. */
  request?: RequestNotice
  response?: ResponseNotice
  /** Returns the body of a response that is not a stream, or the last event of one. */
  body?: () => string
  /** What has arrived since it was last taken: the service's events, or the chunks of a custom transport. */
  raw?: unknown[]
  /** Fields that were left out. */
  dropped: DropNotice[]
}

/** Starts watching a call. Raw events are kept only if they are wanted. */
export function createExchange({ raw }: { raw: boolean }): Exchange {
  return { dropped: [], ...(raw && { raw: [] }) }
}

/** Returns the raw events since the last time. */
export function takeRaw({ raw }: Exchange): unknown[] {
  return raw?.splice(0) ?? []
}
