import type { Line } from '../line.ts'
import type { QuestionFields } from '../question.ts'

/** Sends a question, and calls `onLine` with the progress of its answers. Rejects if it cannot be sent. */
export type Ask = (
  question: QuestionFields,
  files: readonly (readonly File[])[],
  signal: AbortSignal,
  onLine: (line: Line) => void,
) => Promise<void>

/** Writes a question as a form: the files of turn N are in the fields `media.N`. */
export function toForm(question: QuestionFields, files: readonly (readonly File[])[]): FormData {
  const form = new FormData()
  form.set('question', JSON.stringify(question))
  for (const [turn, each] of files.entries()) for (const file of each) form.append(`media.${turn}`, file)
  return form
}

/** Sends a question through the server of the page, which holds the key. */
export async function askServer(...[question, files, signal, onLine]: Parameters<Ask>): Promise<void> {
  const response = await fetch('/ask', { method: 'POST', body: toForm(question, files), signal })
  if (!response.ok || !response.body) throw new Error(((await response.json()) as { message: string }).message)
  await readLines(response.body, onLine)
}

async function readLines(body: ReadableStream<BufferSource>, onLine: (line: Line) => void): Promise<void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    const lines = (rest + value).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) onLine(JSON.parse(line) as Line)
  }
}
