import { open, realpath, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

import { DualscopeError } from '@dualscope/core'
import { lock } from 'proper-lockfile'

import type { BatchAnswer } from './answer.ts'
import { createIdSet, type IdSet } from './id-set.ts'
import { readLines } from './read-lines.ts'

/** The output of a batch: one line for each answer. */
export interface AnswerFile {
  /** The ids that have an answer. */
  readonly answered: IdSet
  /** How many of the answers are errors. */
  readonly failed: number
  /** The full path, without links. */
  readonly path: string
  /** Appends an answer as a whole line. */
  append(answer: BatchAnswer): Promise<void>
  /** Writes everything to the disk and gives up the lock. */
  close(): Promise<void>
}

/** A crashed process leaves its lock: after this many ms without a sign of life it counts no more. */
const staleAfter = 5000

/**
 * Opens the output for this process alone, repairs a torn last line, and reads which ids are answered. With `retryFailed`
 * the rows of failed requests are removed first. `onLost` is called if the lock is lost while the process hangs.
 *
 * Throws `configuration` if another process has it, or if it holds lines that are not answers.
 */
export async function openAnswerFile(
  name: string,
  options: { retryFailed: boolean; onLost: (error: Error) => void },
): Promise<AnswerFile> {
  await (await open(name, 'a')).close()
  const path = await realpath(name)
  let isLost = false
  const unlock = await acquire(path, (error) => {
    isLost = true
    options.onLost(error)
  })
  // A lock that was lost belongs to another process, which must keep it.
  const release = async () => (isLost ? undefined : unlock())
  try {
    await repairLastLine(path)
    if (options.retryFailed) await removeFailed(path)
    const { answered, failed } = await readAnswers(path)
    const file = await open(path, 'a')
    return {
      answered,
      failed,
      path,
      append: (answer) => file.appendFile(`${JSON.stringify(answer)}\n`),
      async close() {
        await file.datasync()
        await file.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function acquire(path: string, onLost: (error: Error) => void): Promise<() => Promise<void>> {
  try {
    // The retries outlast the lock of a process that crashed just now.
    const retries = { retries: 7, factor: 1, minTimeout: 1000, maxTimeout: 1000 }
    return await lock(path, { stale: staleAfter, update: 1000, retries, onCompromised: onLost })
  } catch (error) {
    throw new DualscopeError('configuration', `${path}: another process writes to it; wait for its end`, {
      cause: error,
    })
  }
}

/** Ends the last line, or removes it if it is torn. */
async function repairLastLine(path: string): Promise<void> {
  let end = 0
  for await (const line of readLines(path)) {
    if (line.isWhole) {
      ;({ end } = line)
      continue
    }
    const file = await open(path, 'r+')
    if (readAnswer(line.text)) await file.write('\n', line.end)
    else await file.truncate(end)
    await file.close()
  }
}

async function removeFailed(path: string): Promise<void> {
  const rewritten = `${path}.tmp`
  async function* kept() {
    for await (const { text, number } of readLines(path)) {
      if (!('error' in requireAnswer(text, path, number))) yield `${text}\n`
    }
  }
  const file = await open(rewritten, 'w')
  try {
    await pipeline(kept, file.createWriteStream({ flush: true }))
    await rename(rewritten, path)
  } catch (error) {
    await rm(rewritten, { force: true })
    throw error
  }
}

async function readAnswers(path: string): Promise<{ answered: IdSet; failed: number }> {
  const answered = createIdSet()
  let failed = 0
  for await (const { text, number } of readLines(path)) {
    const answer = requireAnswer(text, path, number)
    answered.add(answer.id)
    if ('error' in answer) failed += 1
  }
  return { answered, failed }
}

/** A line that is not an answer means that the file is another one, which must not be appended to. */
function requireAnswer(text: string, path: string, number: number): BatchAnswer {
  const answer = readAnswer(text)
  if (answer) return answer
  throw new DualscopeError(
    'configuration',
    `${path}:${number}: is not an answer of a batch; choose another output file`,
  )
}

function readAnswer(text: string): BatchAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isAnswer(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isAnswer(value: unknown): value is BatchAnswer {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return false
  return 'result' in value || 'error' in value
}
