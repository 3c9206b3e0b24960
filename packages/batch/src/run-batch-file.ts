import { realpath, stat } from 'node:fs/promises'

import { type Client, DualscopeError, estimateCost, type Region, type Usage } from '@dualscope/core'

import { type AnswerFile, openAnswerFile } from './answer-file.ts'
import { type BatchAnswer, type BatchItem, toBatchError } from './answer.ts'
import { createIdSet } from './id-set.ts'
import { openLocalMedia } from './local-media.ts'
import { type BatchDefaults, parseLine } from './parse-line.ts'
import { readLines } from './read-lines.ts'
import { answerItem, type BatchOptions, runConcurrently } from './run-batch.ts'

/** A line that is not asked, and why. */
export interface LineProblem {
  /** The number of the line; the first one is 1. */
  line: number
  kind: 'bad' | 'duplicate'
  message: string
}

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
  /** The part of the input that was read, in bytes. */
  bytesRead: number
  bytesTotal: number
  /** The part of `bytesRead` whose lines were not asked. */
  bytesSkipped: number
}

/** How a file of requests runs. */
export interface BatchFileOptions extends Omit<BatchOptions, 'onDuplicate'>, BatchDefaults {
  /** The file of requests: a line of JSON each, `{ id, prompt }` or `{ id, request }`. */
  input: string
  /** The file of answers: appended to; what it answers already is not asked. */
  out: string
  /** The folder that `file:` names of images and videos are in. Without it they fail. */
  files?: string | undefined
  /** Asks again what failed before. @default false */
  retryFailed?: boolean | undefined
  /** The region whose prices count. @default the first that fits */
  region?: Region | undefined
  /** Called for each line that is not asked. */
  onProblem?: ((problem: LineProblem) => void) | undefined
  /** Called after each answer. */
  onProgress?: ((progress: BatchProgress) => void) | undefined
  /** Answers an item elsewhere, such as in workers: the `answer` of `connectQueue`. @default asks the client */
  answer?: ((item: BatchItem, signal: AbortSignal, batch: string) => Promise<BatchAnswer>) | undefined
}

/**
 * Asks the requests of a file and appends the answers to another, as they come. It can be interrupted or killed at any time:
 * running it again asks what is missing. Memory does not grow with the length of the lines, and by about 20 bytes a line.
 *
 * Throws `configuration` if another process writes to the output or the output is not one, what would fail every request, and
 * the signal's reason.
 */
export async function runBatchFile(options: BatchFileOptions): Promise<BatchProgress> {
  const { input, out, client, files, retryFailed = false, onProgress, answer } = options
  // A missing input must not create an output.
  const source = await realpath(input)
  const lost = new AbortController()
  const output = await openAnswerFile(out, { retryFailed, onLost: (error) => lost.abort(error) })
  try {
    if (source === output.path) throw new DualscopeError('configuration', `${out}: is the input itself`)
    const progress = createProgress((await stat(input)).size, output.failed)
    const ask = async (item: BatchItem, signal: AbortSignal): Promise<BatchAnswer> => {
      if (answer) return answer(item, signal, output.path)
      return answerWithMedia(client, item, files, signal)
    }
    const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal
    const { concurrency, grace } = options
    for await (const each of runConcurrently(readItems(options, output, progress), ask, {
      concurrency,
      grace,
      signal,
    })) {
      await output.append(each)
      count(progress, each, options.region)
      onProgress?.(progress)
    }
    return progress
  } finally {
    await output.close()
  }
}

/** Asks a request whose `file:` names are in a folder. */
export async function answerWithMedia(
  client: Client,
  { id, request }: BatchItem,
  files: string | undefined,
  signal: AbortSignal,
): Promise<BatchAnswer> {
  try {
    request = await openLocalMedia(request, files)
  } catch (error) {
    return { id, error: toBatchError(error) }
  }
  return answerItem(client, { id, request }, signal)
}

/**
 * Validates every line of a file without sending anything, and reports those that are wrong. `client` must be one whose
 * requests cannot reach the service: a connection error counts as valid. Returns how many lines are wrong.
 */
export async function checkBatchFile(
  options: Pick<BatchFileOptions, 'input' | 'client' | 'files' | 'onProblem' | keyof BatchDefaults>,
): Promise<number> {
  const { input, client, files, onProblem } = options
  let bad = 0
  const report = (line: number, kind: LineProblem['kind'], message: string) => {
    if (kind === 'bad') bad += 1
    onProblem?.({ line, kind, message })
  }
  const ids = createIdSet()
  for await (const { text, number } of readLines(input)) {
    if (text.trim() === '') continue
    try {
      const item = parseLine(text, options)
      if (!ids.add(item.id)) {
        report(number, 'duplicate', `id ${item.id} came before`)
        continue
      }
      const answer = await answerWithMedia(client, item, files, new AbortController().signal)
      if ('error' in answer && answer.error.code !== 'connection') report(number, 'bad', answer.error.message)
    } catch (error) {
      report(number, 'bad', (error as Error).message)
    }
  }
  return bad
}

type MutableProgress = { -readonly [Key in keyof BatchProgress]: BatchProgress[Key] } & { cost: Record<string, number> }

function createProgress(bytesTotal: number, failedBefore: number): MutableProgress {
  const counts = { done: 0, failed: 0, skipped: 0, bad: 0, duplicates: 0, inputTokens: 0, outputTokens: 0, cached: 0 }
  return { ...counts, failedBefore, cost: {}, bytesRead: 0, bytesTotal, bytesSkipped: 0 }
}

async function* readItems(options: BatchFileOptions, output: AnswerFile, progress: MutableProgress) {
  const { input, onProblem } = options
  const ids = createIdSet()
  for await (const { text, number, end } of readLines(input)) {
    const length = end - progress.bytesRead
    progress.bytesRead = end
    if (text.trim() === '') continue
    let item: BatchItem
    try {
      item = parseLine(text, options)
    } catch (error) {
      progress.bad += 1
      onProblem?.({ line: number, kind: 'bad', message: (error as Error).message })
      continue
    }
    if (!ids.add(item.id)) {
      progress.duplicates += 1
      onProblem?.({ line: number, kind: 'duplicate', message: `id ${item.id} came before` })
    } else if (output.answered.has(item.id)) {
      progress.skipped += 1
      progress.bytesSkipped += length
    } else yield item
  }
}

function count(progress: MutableProgress, answer: BatchAnswer, region: Region | undefined): void {
  progress.done += 1
  if ('error' in answer) {
    progress.failed += 1
    return
  }
  const { usage, model } = answer.result
  if (!usage) return
  progress.inputTokens += usage.inputTokens
  progress.outputTokens += usage.outputTokens
  progress.cached += usage.cachedTokens ?? 0
  const cost = costOf(usage, model, region)
  if (cost) progress.cost[cost.currency] = (progress.cost[cost.currency] ?? 0) + cost.total
}

function costOf(usage: Usage, model: string, region: Region | undefined) {
  return estimateCost(usage, model, { region })
}
