import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

import type { Job } from 'bullmq'

import type { BatchAnswer, BatchItem } from './answer.ts'
import { loadRedisPackages, openClient, queueName, queuePrefix } from './redis.ts'

/** Has items answered by workers. */
export interface BatchQueue {
  /** Hands an item to the workers and waits for its answer. `batch` names the batch, so that several do not mix. */
  answer(item: BatchItem, signal: AbortSignal, batch: string): Promise<BatchAnswer>
  /** Closes the connections; jobs stay with the workers. */
  close(): Promise<void>
}

interface Pending {
  item: BatchItem
  finish: (answer: BatchAnswer) => void
}

/** ms between two looks at all that is open. It finds what no event announced, because Redis was away. */
const sweepInterval = 2000
/** Answers that no run collects are forgotten after a week, in seconds. */
const keep = { age: 7 * 24 * 3600 }

/**
 * Connects to the queue of the workers. A job has the same id each time, so that a run after a crash finds the answers that
 * workers gave in the meantime. A job is removed once its answer is here.
 */
export async function connectQueue(url: string): Promise<BatchQueue> {
  const { bullmq } = await loadRedisPackages()
  const [connection, eventConnection] = await Promise.all([openClient(url), openClient(url)])
  const options = { connection, prefix: queuePrefix, streams: { events: { maxLen: 1000 } } }
  const queue = new bullmq.Queue<BatchItem, BatchAnswer>(queueName, options)
  const events = new bullmq.QueueEvents(queueName, { connection: eventConnection, prefix: queuePrefix })
  const pending = new Map<string, Pending>()
  // The connections report their own losses.
  queue.on('error', () => undefined)
  events.on('error', () => undefined)
  events.on('completed', ({ jobId }) => collectQuietly(jobId))
  events.on('failed', ({ jobId }) => collectQuietly(jobId))
  const sweeper = setInterval(() => {
    for (const jobId of pending.keys()) collectQuietly(jobId)
  }, sweepInterval)

  async function add(jobId: string, item: BatchItem): Promise<void> {
    // A worker that must stop gives its jobs back by failing them, so they may be tried often.
    const attempts = { attempts: 100, backoff: { type: 'fixed', delay: 1000 } }
    await queue.add('ask', item, { jobId, ...attempts, removeOnComplete: keep, removeOnFail: keep })
  }

  async function collect(jobId: string): Promise<void> {
    const open = pending.get(jobId)
    if (!open) return
    const job = await bullmq.Job.fromId<BatchItem, BatchAnswer>(queue, jobId)
    // A Redis that lost its memory forgets jobs.
    if (!job) return add(jobId, open.item)
    if (job.finishedOn === undefined || !pending.delete(jobId)) return
    try {
      await job.remove()
    } finally {
      open.finish(readJob(job, open.item))
    }
  }

  /** The next sweep looks again at what could not be collected. */
  function collectQuietly(jobId: string): void {
    collect(jobId).catch((error: unknown) => process.emitWarning(`Redis: ${String(error)}`, 'DualscopeWarning'))
  }

  return {
    async answer(item, signal, batch) {
      const jobId = jobIdOf(item, batch)
      const answer = new Promise<BatchAnswer>((resolve, reject) => {
        const stop = () => {
          pending.delete(jobId)
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', stop, { once: true })
        const finish = (found: BatchAnswer) => {
          signal.removeEventListener('abort', stop)
          resolve(found)
        }
        pending.set(jobId, { item, finish })
      })
      add(jobId, item)
        .then(() => collect(jobId))
        .catch((error: unknown) => process.emitWarning(`Redis: ${String(error)}`, 'DualscopeWarning'))
      return answer
    },
    async close() {
      clearInterval(sweeper)
      await Promise.all([queue.close(), events.close()])
      connection.disconnect()
      eventConnection.disconnect()
    },
  }
}

/** The failure of a job is not the failure of a request: those are answers. */
function readJob({ returnvalue, failedReason }: Job<BatchItem, BatchAnswer>, { id }: BatchItem): BatchAnswer {
  return failedReason
    ? { id, error: { code: 'unexpected', message: `No worker could do it: ${failedReason}` } }
    : returnvalue
}

/** Depends on the request too: an input that was edited must not get the answers of the old one. */
function jobIdOf(item: BatchItem, batch: string): string {
  return createHash('sha256')
    .update(JSON.stringify([hostname(), batch, item]))
    .digest('hex')
    .slice(0, 32)
}
