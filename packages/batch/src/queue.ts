import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'

import type { Job } from 'bullmq'

import type { BatchAnswer, BatchItem } from './answer.ts'
import { loadRedisPackages, openClient, queueName, queuePrefix } from './redis.ts'

/** A queue of items that workers answer. */
export interface BatchQueue {
  /** Queues an item for the workers and waits for its answer. `batch` names the batch, so that several do not mix. */
  answer(item: BatchItem, signal: AbortSignal, batch: string): Promise<BatchAnswer>
  /** Returns the number of connected workers; 1 if Redis does not list its clients. */
  countWorkers(): Promise<number>
  /** Closes the connections; jobs stay with the workers. */
  close(): Promise<void>
}

/** How a queue reports. */
export interface QueueOptions {
  /** Called when Redis is lost and when it is back, and for its errors. @default prints a warning */
  onNotice?: ((message: string) => void) | undefined
}

interface Pending {
  item: BatchItem
  finish: (answer: BatchAnswer) => void
}

/** ms between two sweeps over all open items, which find answers whose event was lost while Redis was away. */
const sweepInterval = 2000
/** The longest wait for the last commands, in ms. */
const closingTime = 2000
/** Answers that no run collects are forgotten after a week, in seconds. */
const keep = { age: 7 * 24 * 3600 }

/**
 * Connects to the queue of the workers. A job has the same id each time, so that a run after a crash finds the answers that
 * workers gave in the meantime. A job is removed once its answer is here.
 */
export async function connectQueue(url: string, { onNotice }: QueueOptions = {}): Promise<BatchQueue> {
  const { bullmq } = await loadRedisPackages()
  const { client, close, reportError } = await openClient(url, onNotice)
  const options = { connection: client, prefix: queuePrefix }
  const queue = new bullmq.Queue<BatchItem, BatchAnswer>(queueName, {
    ...options,
    streams: { events: { maxLen: 1000 } },
  })
  const events = new bullmq.QueueEvents(queueName, options)
  const pending = new Map<string, Pending>()
  let isSweeping = false
  queue.on('error', reportError)
  events.on('error', reportError)
  events.on('completed', ({ jobId }) => void collectSafely(jobId))
  events.on('failed', ({ jobId }) => void collectSafely(jobId))
  const sweeper = setInterval(() => void sweep(), sweepInterval)

  /** Only one sweep runs at a time: while Redis is away, it waits. */
  async function sweep(): Promise<void> {
    if (isSweeping) return
    isSweeping = true
    await Promise.all([...pending.keys()].map(collectSafely))
    isSweeping = false
  }

  async function add(jobId: string, item: BatchItem): Promise<void> {
    // A worker that must stop gives its jobs back by failing them, so they may be tried often.
    const attempts = { attempts: 100, backoff: { type: 'fixed', delay: 1000 } }
    await queue.add('ask', item, { jobId, ...attempts, removeOnComplete: keep, removeOnFail: keep })
  }

  /** Events hold answers; other batches find theirs without them. */
  async function forgetEvents(): Promise<void> {
    await queue.trimEvents(0)
  }

  async function collect(jobId: string): Promise<void> {
    const open = pending.get(jobId)
    if (!open) return
    // Jobs hold their images, so that fetching unfinished ones would be slow.
    const state = await queue.getJobState(jobId)
    // A Redis that lost its memory forgets jobs.
    if (state === 'unknown') return add(jobId, open.item)
    if (state !== 'completed' && state !== 'failed') return
    const job = await bullmq.Job.fromId<BatchItem, BatchAnswer>(queue, jobId)
    if (!job || !pending.delete(jobId)) return
    try {
      await job.remove()
    } finally {
      open.finish(readJob(job, open.item))
    }
  }

  /** The next sweep looks again at what could not be collected. */
  async function collectSafely(jobId: string): Promise<void> {
    try {
      await collect(jobId)
    } catch (error) {
      reportError(error)
    }
  }

  return {
    async answer(item, signal, batch) {
      signal.throwIfAborted()
      const jobId = jobIdOf(item, batch)
      const { promise, resolve, reject } = Promise.withResolvers<BatchAnswer>()
      const stop = () => {
        pending.delete(jobId)
        reject(signal.reason as Error)
      }
      signal.addEventListener('abort', stop, { once: true })
      pending.set(jobId, { item, finish: resolve })
      // It adds the job, unless an earlier run has done so.
      void collectSafely(jobId)
      try {
        return await promise
      } finally {
        signal.removeEventListener('abort', stop)
      }
    },
    countWorkers: () => queue.getWorkersCount(),
    async close() {
      clearInterval(sweeper)
      // Without Redis they cannot end.
      const ended = Promise.all([forgetEvents(), queue.close(), events.close()])
      ended.catch(reportError)
      await Promise.race([ended, sleep(closingTime, undefined, { ref: false })])
      close()
    },
  }
}

/** The failure of a job is not the failure of a request: those are answers. */
function readJob({ returnvalue, failedReason }: Job<BatchItem, BatchAnswer>, { id }: BatchItem): BatchAnswer {
  return failedReason
    ? { id, error: { code: 'unexpected', message: `No worker could do it: ${failedReason}` } }
    : returnvalue
}

/** Creates the id of a job. It depends on the request, because an edited input must not get the old answers. */
function jobIdOf(item: BatchItem, batch: string): string {
  return createHash('sha256')
    .update(JSON.stringify([hostname(), batch, item]))
    .digest('hex')
    .slice(0, 32)
}
