/**
 * Many requests: rate limits that processes share, batches that resume, and workers over Redis.
 *
 * @module @dualscope/batch
 */

export { limited } from './limited.ts'
export type { LimitOptions } from './limit-options.ts'
export type { StoreNotice } from './watch-store.ts'
