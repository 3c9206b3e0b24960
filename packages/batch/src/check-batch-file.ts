import { checkFolder } from './local-media.ts'
import type { BatchDefaults } from './parse-line.ts'
import { type LineProblem, readRequests } from './read-requests.ts'
import { answerWithMedia, type BatchFileOptions } from './run-batch-file.ts'

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
