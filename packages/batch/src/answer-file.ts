import type { BigIntStats } from 'node:fs'
import { type FileHandle, open, realpath, stat } from 'node:fs/promises'

import { DualscopeError } from '@dualscope/core'
import { lock } from 'proper-lockfile'

import { type AnswerLines, readAnswers } from './answer-lines.ts'
import type { BatchAnswer } from './answer.ts'

/** The output of a batch: one line for each answer. */
export interface AnswerFile extends Readonly<AnswerLines> {
  /** The full path, without links. */
  readonly path: string
  /** Appends an answer as a whole line. Throws `configuration` if another process has changed the file. */
  append(answer: BatchAnswer): Promise<void>
  /** Writes everything to the disk and releases the lock. */
  close(): Promise<void>
}

/** The ms without an update after which a lock is stale: a crashed process leaves its lock. */
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
  const path = await createFile(name)
  let lost: Error | undefined
  const unlock = await acquire(path, () => {
    lost = changedError(path)
    options.onLost(lost)
  })
  // A lock that was lost belongs to another process, which must keep it.
  const release = async () => (lost ? undefined : unlock())
  try {
    const lines = await readAnswers(path, options.retryFailed)
    const file = await open(path, 'a')
    const write = createWriter(file, (await file.stat()).size, path)
    return {
      ...lines,
      path,
      async append(answer) {
        if (lost) throw lost
        await write(Buffer.from(`${JSON.stringify(answer)}\n`))
      },
      async close() {
        try {
          await file.datasync()
        } finally {
          await file.close()
          await release()
        }
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** Returns the status of a file, or undefined if it is missing. */
export async function findFile(name: string): Promise<BigIntStats | undefined> {
  try {
    return await stat(name, { bigint: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Creates the file if it is missing. Returns its full path. */
async function createFile(name: string): Promise<string> {
  const found = await findFile(name)
  // A pipe or a device cannot be read again, so that a later run could not continue.
  if (found && !found.isFile()) throw new DualscopeError('configuration', `${name}: the output must be a file`)
  await (await open(name, 'a')).close()
  return realpath(name)
}

/** A process that was stopped for long may write before it learns that its lock is lost, so the size is compared too. */
function createWriter(file: FileHandle, size: number, path: string): (line: Buffer) => Promise<void> {
  return async (line) => {
    const found = await file.stat()
    if (found.size !== size || found.nlink === 0) throw changedError(path)
    await file.appendFile(line)
    size += line.length
  }
}

function changedError(path: string): DualscopeError {
  return new DualscopeError('configuration', `${path}: was changed or removed while this batch wrote to it`)
}

async function acquire(path: string, onLost: () => void): Promise<() => Promise<void>> {
  try {
    // The retries outlast the lock of a process that crashed just now.
    const retries = { retries: 7, factor: 1, minTimeout: 1000, maxTimeout: 1000 }
    return await lock(path, { stale: staleAfter, update: 1000, retries, onCompromised: onLost })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error
    throw new DualscopeError('configuration', `${path}: another process writes to it; wait for its end`, {
      cause: error,
    })
  }
}
