import { stat } from 'node:fs/promises'

import { type Client, DualscopeError, type Region } from '@dualscope/core'

import { type AnswerFile, findFile, openAnswerFile } from './answer-file.ts'
import { type BatchAnswer, type BatchItem, toBatchError } from './answer.ts'
import { checkFolder, openLocalMedia } from './local-media.ts'
import type { BatchDefaults } from './parse-line.ts'
import { type BatchProgress, count, createProgress, type MutableProgress } from './progress.ts'
import { type LineProblem, readRequests } from './read-requests.ts'
import { answerItem, type BatchOptions, runConcurrently } from './run-batch.ts'

/** Lines with images are large, so few of them are under way at once. */
const mostOpenBytes = 128 * 1024 * 1024

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
    let openBytes = 0
    const ask = async ({ item, length }: OpenItem, lineSignal: AbortSignal) => {
      openBytes += length
      try {
        const row = answer
          ? await answer(item, lineSignal, output.path)
          : await answerWithMedia(client, item, files, lineSignal)
        return { row, length }
      } finally {
        openBytes -= length
      }
    }
    const signal = options.signal ? AbortSignal.any([options.signal, lost.signal]) : lost.signal
    const { concurrency, grace } = options
    const running = { concurrency, grace, signal, isFull: () => openBytes >= mostOpenBytes }
    for await (const { row, length } of runConcurrently(readItems(options, output, progress), ask, running)) {
      await output.append(row)
      count(progress, row, length, options.region)
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

/** A request, and the bytes of its line. */
interface OpenItem {
  item: BatchItem
  length: number
}

/** Reads the requests that have no answer yet, and counts the other lines. */
async function* readItems(
  options: BatchFileOptions,
  output: AnswerFile,
  progress: MutableProgress,
): AsyncGenerator<OpenItem, void, undefined> {
  const { input, onProblem, onProgress } = options
  let before = 0
  for await (const { found, end } of readRequests(input, options)) {
    const length = end - before
    before = end
    if ('item' in found && !output.answered.has(found.item.id)) {
      yield { item: found.item, length }
      continue
    }
    progress.bytesDone += length
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
