import { setTimeout as sleep } from 'node:timers/promises'

import type { Client } from '@dualscope/core'

import { type BatchAnswer, type BatchItem, isFatal } from './answer.ts'
import { checkFolder } from './local-media.ts'
import { loadRedisPackages, openClient, queueName, queuePrefix } from './redis.ts'
import { answerWithMedia } from './run-batch-file.ts'

/** Options of `runWorker`. */
export interface WorkerOptions {
  /** The URL of Redis, `redis://` or `rediss://`. */
  redis: string
  /** Sends the requests. Wrap its transport in `limited` with the same Redis as `store` to share limits. */
  client: Client
  /** Requests at once, 1 or more. @default 8 */
  concurrency?: number | undefined
  /** The folder that `file:` names of images and videos are in, on this machine. Without it they fail. */
  files?: string | undefined
  /** Ends the worker: it takes no more jobs, and those under way have `grace` to finish. */
  signal: AbortSignal
  /** ms that requests under way may take after an abort; then other workers do them. @default 10_000 */
  grace?: number | undefined
  /** Called after each answer. */
  onAnswer?: ((answer: BatchAnswer) => void) | undefined
  /** Called when Redis is lost and when it is back, and for its errors. @default prints a warning */
  onNotice?: ((message: string) => void) | undefined
}

/** A dead worker's jobs are taken over after this time and the interval, in ms. */
const takeover = { lockDuration: 6000, stalledInterval: 3000 }
/** ms to hand over the last answers, or to give the jobs back; without Redis, others take them over. */
const closingTime = 2000
/** The number of times that the workers of a job may die. */
const maxStalledCount = 10

/**
 * Sends the requests of `dualscope batch --redis`, until the signal aborts. Any number of workers on any machines share them; the
 * jobs of a worker that is killed are done by others.
 *
 * Throws `configuration` without `bullmq`, `ioredis` or Redis, and an error that each further request would meet too.
 */
export async function runWorker(options: WorkerOptions): Promise<void> {
  const { redis, client, concurrency = 8, files, signal, grace = 10_000, onAnswer, onNotice } = options
  const { bullmq } = await loadRedisPackages()
  await checkFolder(files)
  const { client: connection, close, reportError } = await openClient(redis, onNotice)
  const controller = new AbortController()
  const ended = Promise.withResolvers<void>()
  let failure: { error: unknown } | undefined

  async function work(item: BatchItem): Promise<BatchAnswer> {
    try {
      const answer = await answerWithMedia(client, item, files, controller.signal)
      onAnswer?.(answer)
      return answer
    } catch (error) {
      if (isFatal(error)) {
        failure ??= { error }
        ended.resolve()
      }
      // Failing the job gives it to another worker.
      throw error
    }
  }

  let running = 0
  // Jobs whose answers Redis does not have yet; those that others took over stay in it.
  const open = new Set<string | undefined>()
  const worker = new bullmq.Worker<BatchItem, BatchAnswer>(
    queueName,
    async (job) => {
      open.add(job.id)
      running += 1
      try {
        return await work(job.data)
      } finally {
        running -= 1
      }
    },
    { connection, prefix: queuePrefix, concurrency, maxStalledCount, ...takeover },
  )
  worker.on('completed', ({ id }) => open.delete(id))
  worker.on('failed', (job) => open.delete(job?.id))
  worker.on('error', reportError)
  const stop = () => ended.resolve()
  if (signal.aborted) stop()
  else signal.addEventListener('abort', stop, { once: true })
  await ended.promise
  signal.removeEventListener('abort', stop)
  const timeLeft = failure ? 0 : grace
  const timer = setTimeout(() => controller.abort(signal.reason), timeLeft)
  await worker.pause(true)
  await waitUntil(() => running === 0, timeLeft + closingTime)
  await waitUntil(() => open.size === 0, closingTime)
  clearTimeout(timer)
  // Forced: its jobs are done or given up, and without Redis it would never end.
  await worker.close(true)
  close()
  if (failure) throw failure.error
}

async function waitUntil(condition: () => boolean, milliseconds: number): Promise<void> {
  const end = performance.now() + milliseconds
  while (!condition() && performance.now() < end) await sleep(20)
}
