import type { DropNotice, RequestNotice, ResponseNotice } from '@dualscope/core'

/** The last HTTP exchange of one call, as observed. */
export interface Exchange {
  /** The request, without the key and with shortened media. */
  request?: RequestNotice
  response?: ResponseNotice
  /** Returns the body of a response that is not a stream, or the last event of one. */
  body?: () => string
  /** The events of the service, or the chunks of a custom transport, since they were last taken. */
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
