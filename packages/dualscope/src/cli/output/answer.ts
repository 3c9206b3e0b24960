import { ApiError, DualscopeError, type ChatStream } from '@dualscope/core'

import { Interrupted } from '../interrupt.ts'
import { costOf, describePartial, describeSpent } from './spent.ts'
import { style } from './style.ts'
import { textFor } from './terminal.ts'
import type { UploadProgress } from './upload-progress.ts'
import { write, writeJson } from './write.ts'

/** Shows an answer as it comes: the answer itself on stdout, all that is said about it on stderr. */
export async function showText(answer: ChatStream, progress: UploadProgress): Promise<void> {
  const { stdout, stderr } = process
  let thinking = false
  let text = ''
  const endLine = async () => {
    if (thinking) await write(stderr, '\n\n')
    if (text !== '' && !text.endsWith('\n')) await write(stdout, '\n')
    thinking = false
  }
  try {
    for await (const event of answer) {
      progress.clear()
      if (event.type === 'reasoning-delta') {
        thinking = true
        await write(stderr, style(stderr, 'dim', textFor(stderr, event.delta)))
      } else if (event.type === 'text-delta') {
        if (thinking) await endLine()
        text = event.delta
        await write(stdout, textFor(stdout, event.delta))
      }
    }
    await endLine()
    const result = await answer.result()
    await write(stderr, `${text === '' ? '' : '\n'}${style(stderr, 'dim', textFor(stderr, describeSpent(result)))}\n`)
  } catch (error) {
    progress.clear()
    await endLine()
    const partial = answer.snapshot()
    if (error instanceof Interrupted) await write(stderr, `\n${textFor(stderr, describePartial(partial))}\n`)
    else if (partial.usage) await write(stderr, `${style(stderr, 'dim', textFor(stderr, describeSpent(partial)))}\n`)
    throw error
  }
}

/**
 * Gives an answer to a program, on stdout: the whole result as one line of JSON, or each event as a line and the result as
 * the last one. The result has its `cost` with it; one that was interrupted says so; an error is JSON too.
 */
export async function showJson(answer: ChatStream, progress: UploadProgress, events: boolean): Promise<void> {
  const { stdout } = process
  const writeResult = (result: object) => writeJson(stdout, events ? { type: 'result', result } : result)
  try {
    for await (const event of answer) {
      progress.clear()
      if (events) await writeJson(stdout, event)
    }
    const result = await answer.result()
    await writeResult({ ...result, cost: costOf(result) })
  } catch (error) {
    progress.clear()
    if (error instanceof Interrupted) await writeResult({ ...answer.snapshot(), interrupted: true })
    else await writeJson(stdout, { ...(events ? { type: 'error' } : {}), error: errorAsJson(error) })
    throw error
  }
}

/** An error as a program wants it. */
function errorAsJson(error: unknown): object {
  if (!(error instanceof DualscopeError)) return { message: String(error) }
  const { code, message, partial } = error
  if (!(error instanceof ApiError)) return { code, message, partial }
  const { status, serviceCode, requestId, protocol, retryable, retryAfter } = error
  return { code, message, status, serviceCode, requestId, protocol, retryable, retryAfter, partial }
}
