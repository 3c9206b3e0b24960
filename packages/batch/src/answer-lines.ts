import { open, rename, rm, stat, truncate } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

import { DualscopeError } from '@dualscope/core'

import type { BatchAnswer } from './answer.ts'
import { createIdSet, type IdSet } from './id-set.ts'
import { type Line, readLines } from './read-lines.ts'

/** The answers of an output. */
export interface AnswerLines {
  /** The ids that have an answer. */
  answered: IdSet
  /** The number of answers that are errors. */
  failed: number
}

/**
 * Reads which ids are answered, and repairs a last line that was cut. With `retryFailed` the rows of failed requests are
 * removed. Throws `configuration` for a line that is not an answer: the file is another one, and stays as it is.
 */
export async function readAnswers(path: string, retryFailed: boolean): Promise<AnswerLines> {
  const answered = createIdSet()
  let failed = 0
  let end = 0
  let torn: Line | undefined
  for await (const line of readLines(path)) {
    if (!line.isWhole) torn = line
    const answer = readAnswer(line, path)
    if (answer === undefined) continue
    end = line.end
    const isFailed = 'error' in answer
    if (isFailed) failed += 1
    if (!isFailed || !retryFailed) answered.add(answer.id)
  }
  if (torn) await repair(path, torn, end)
  if (!retryFailed || failed === 0) return { answered, failed }
  await removeFailed(path)
  return { answered, failed: 0 }
}

/** Ends the last line if it is an answer, or removes it. */
async function repair(path: string, { end }: Line, wholeEnd: number): Promise<void> {
  if (end > wholeEnd) return truncate(path, wholeEnd)
  const file = await open(path, 'a')
  await file.appendFile('\n')
  await file.close()
}

async function removeFailed(path: string): Promise<void> {
  const rewritten = `${path}.rewritten`
  async function* kept() {
    for await (const line of readLines(path)) {
      const answer = readAnswer(line, path)
      if (answer && !('error' in answer)) yield `${line.text}\n`
    }
  }
  const { mode } = await stat(path)
  const file = await open(rewritten, 'w', mode)
  try {
    await pipeline(kept, file.createWriteStream({ flush: true }))
    await rename(rewritten, path)
  } catch (error) {
    await rm(rewritten, { force: true })
    throw error
  }
}

/** Returns the answer of a line; undefined for an empty one, and for a last one that was cut. */
function readAnswer(line: Line, path: string): BatchAnswer | undefined {
  const { text, number, isWhole, problem } = line
  if (isWhole && text.trim() === '') return undefined
  const value = problem === undefined ? parse(text) : undefined
  if (isAnswer(value)) return value
  if (!isWhole && value === undefined && isBeginning(text)) return undefined
  throw new DualscopeError(
    'configuration',
    `${path}:${number}: is not an answer of a batch; remove the line, or choose another output`,
  )
}

/** Whether a text is the beginning of an answer, or the zeros that some file systems leave after a loss of power. */
function isBeginning(text: string): boolean {
  const start = '{"id":'
  return text.startsWith(start) || start.startsWith(text) || /^\0+$/.test(text)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isAnswer(value: unknown): value is BatchAnswer {
  if (typeof value !== 'object' || value === null || !('id' in value) || typeof value.id !== 'string') return false
  return 'result' in value || 'error' in value
}
