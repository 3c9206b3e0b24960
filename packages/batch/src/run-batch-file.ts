import { stat } from 'node:fs/promises'

import { type Client, DualscopeError, estimateCost, type Region } from '@dualscope/core'

import { type AnswerFile, findFile, openAnswerFile } from './answer-file.ts'
import { type BatchAnswer, type BatchItem, toBatchError } from './answer.ts'
import { checkFolder, openLocalMedia } from './local-media.ts'
import type { BatchDefaults } from './parse-line.ts'
import { type LineProblem, readRequests } from './read-requests.ts'
import { answerItem, type BatchOptions, runConcurrently } from './run-batch.ts'

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
  /** 0 if it is not known, because the input is a stream. */
  bytesTotal: number
  /** The part of `bytesRead` whose lines were not asked. */
  bytesSkipped: number
}

/** How a file of requests runs. */
export interface BatchFileOptions extends Omit<BatchOptions, 'onDuplicate'>, BatchDefaults {
  /** The path or the bytes of the requests: a line of JSON each, `{ id, prompt }` or `{ id, request }`. */
  input: string | AsyncIterable<Uint8Array>
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
  /** Called at the beginning, and for each line once it is answered or found not to be asked. */
  onProgress?: ((progress: BatchProgress) => void) | undefined
  /** Answers an item elsewhere, such as in workers: the `answer` of `connectQueue`. @default asks the client */
  answer?: ((item: BatchItem, signal: AbortSignal, batch: string) => Promise<BatchAnswer>) | undefined
}

/**
 * Asks the requests of a file and appends the answers to another, as they come. It can be interrupted or killed at any time:
 * running it again asks what is missing. Memory does not grow with the length of the lines, and by at most 64 bytes a line.
 *
 * Throws `configuration` if another process writes to the output or the output is not one, what would fail every request, the
 * errors of the file system, and the signal's reason.
 */
export async function runBatchFile(options: BatchFileOptions): Promise<BatchProgress> {
  const { input, out, client, files, retryFailed = false, onProgress, answer } = options
  await checkFolder(files)
  // A missing input must not create an output.
  const size = await sizeOfInput(input, out)
  const lost = new AbortController()
  const output = await openAnswerFile(out, { retryFailed, onLost: (error) => lost.abort(error) })
  try {
    const progress = createProgress(size, output.failed)
    onProgress?.(progress)
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

/** Returns the bytes of the input, 0 if not known. Throws `configuration` if it is a folder or the output. */
async function sizeOfInput(input: BatchFileOptions['input'], out: string): Promise<number> {
  if (typeof input !== 'string') return 0
  const found = await stat(input, { bigint: true })
  if (found.isDirectory()) throw new DualscopeError('configuration', `${input}: is a folder`)
  const output = await findFile(out)
  if (output?.ino === found.ino && output.dev === found.dev) {
    throw new DualscopeError('configuration', `${out}: is the input itself`)
  }
  return found.isFile() ? Number(found.size) : 0
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
  const report = (problem: LineProblem) => {
    if (problem.kind === 'bad') bad += 1
    onProblem?.(problem)
  }
  await checkFolder(files)
  const neverAborted = new AbortController().signal
  for await (const { found, number } of readRequests(input, options)) {
    if ('problem' in found) {
      report(found.problem)
      continue
    }
    try {
      const answer = await answerWithMedia(client, found.item, files, neverAborted)
      if (!('error' in answer) || answer.error.code === 'connection') continue
      report({ line: number, kind: 'bad', message: answer.error.message })
    } catch (error) {
      report({ line: number, kind: 'bad', message: (error as Error).message })
    }
  }
  return bad
}

type MutableProgress = { -readonly [Key in keyof BatchProgress]: BatchProgress[Key] } & { cost: Record<string, number> }

function createProgress(bytesTotal: number, failedBefore: number): MutableProgress {
  const counts = { done: 0, failed: 0, skipped: 0, bad: 0, duplicates: 0, inputTokens: 0, outputTokens: 0, cached: 0 }
  return { ...counts, failedBefore, cost: {}, bytesRead: 0, bytesTotal, bytesSkipped: 0 }
}

/** Reads the requests that have no answer yet, and counts the other lines. */
async function* readItems(options: BatchFileOptions, output: AnswerFile, progress: MutableProgress) {
  const { input, onProblem, onProgress } = options
  for await (const { found, end } of readRequests(input, options)) {
    const length = end - progress.bytesRead
    progress.bytesRead = end
    if ('item' in found && !output.answered.has(found.item.id)) {
      yield found.item
      continue
    }
    if ('problem' in found) {
      progress[found.problem.kind === 'bad' ? 'bad' : 'duplicates'] += 1
      onProblem?.(found.problem)
    } else {
      progress.skipped += 1
      progress.bytesSkipped += length
    }
    onProgress?.(progress)
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
  const cost = estimateCost(usage, model, { region })
  if (cost) progress.cost[cost.currency] = (progress.cost[cost.currency] ?? 0) + cost.total
}
