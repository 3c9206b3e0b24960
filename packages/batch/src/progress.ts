import { estimateCost, type Region } from '@dualscope/core'

import type { BatchAnswer } from './answer.ts'

/** How far a batch is. */
export interface BatchProgress {
  /** Requests answered by this run, failed ones included. */
  done: number
  /** Requests that failed in this run. */
  failed: number
  /** Lines whose answer was in the output before. */
  skipped: number
  /** Failed requests among the answers that were in the output before. */
  failedBefore: number
  /** Lines that are not a request. */
  bad: number
  /** Lines whose id came before. */
  duplicates: number
  inputTokens: number
  outputTokens: number
  /** Input tokens that were read from the context cache. */
  cached: number
  /** Estimated by the price list, cache included, in each currency. */
  cost: Readonly<Record<string, number>>
  /** Bytes of the input whose lines are answered or not asked. */
  bytesDone: number
  /** 0 if it is not known, because the input is a stream. */
  bytesTotal: number
  /** The part of `bytesDone` whose lines were answered before. */
  bytesSkipped: number
}

/** Progress that is still counted. */
export type MutableProgress = { -readonly [Key in keyof BatchProgress]: BatchProgress[Key] } & {
  cost: Record<string, number>
}

/** Creates the progress of a batch that begins. */
export function createProgress(bytesTotal: number, failedBefore: number): MutableProgress {
  const counts = { done: 0, failed: 0, skipped: 0, bad: 0, duplicates: 0, inputTokens: 0, outputTokens: 0, cached: 0 }
  return { ...counts, failedBefore, cost: {}, bytesDone: 0, bytesTotal, bytesSkipped: 0 }
}

/** Counts an answer to a line of so many bytes. */
export function count(
  progress: MutableProgress,
  answer: BatchAnswer,
  length: number,
  region: Region | undefined,
): void {
  progress.done += 1
  progress.bytesDone += length
  if ('error' in answer) {
    progress.failed += 1
    return
  }
  const { usage, model } = answer.result
  if (!usage) return
  progress.inputTokens += usage.inputTokens
  progress.outputTokens += usage.outputTokens
  progress.cached += usage.cachedTokens ?? 0
  const cost = estimateCost(usage, model, { region })
  if (cost) progress.cost[cost.currency] = (progress.cost[cost.currency] ?? 0) + cost.total
}
