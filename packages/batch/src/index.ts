/**
 * Many requests: rate limits that processes share, batches that resume, and workers over Redis.
 *
 * @module @dualscope/batch
 */

export type { BatchAnswer, BatchError, BatchItem, BatchResult } from './answer.ts'
export { limited } from './limited.ts'
export type { LimitOptions } from './limit-options.ts'
export { checkBatchFile } from './check-batch-file.ts'
export type { BatchProgress } from './progress.ts'
export type { BatchDefaults } from './parse-line.ts'
export type { LineProblem } from './read-requests.ts'
export { connectQueue, type BatchQueue, type QueueOptions } from './queue.ts'
export { connectRedis, type RedisConnection } from './redis.ts'
export { runBatch, type BatchOptions } from './run-batch.ts'
export { runBatchFile, type BatchFileOptions } from './run-batch-file.ts'
export { runWorker, type WorkerOptions } from './run-worker.ts'
export type { StoreNotice } from './watch-store.ts'
