import type { BatchItem } from './answer.ts'
import { createIdSet } from './id-set.ts'
import { type BatchDefaults, lineError, parseLine } from './parse-line.ts'
import { type Line, readLines } from './read-lines.ts'

/** A line that is not sent, with the reason. */
export interface LineProblem {
  /** The number of the line, from 1. */
  line: number
  kind: 'bad' | 'duplicate'
  message: string
}

/** A line of the input: a request, or a problem. */
export interface RequestLine {
  found: { item: BatchItem } | { problem: LineProblem }
  number: number
  /** Bytes of the input up to the end of this line. */
  end: number
}

/** Reads the requests of an input as they are needed, each id once. Empty lines are left out. */
export async function* readRequests(
  input: string | AsyncIterable<Uint8Array>,
  defaults: BatchDefaults,
): AsyncGenerator<RequestLine, void, undefined> {
  const ids = createIdSet()
  for await (const line of readLines(input)) {
    const { number, end, text, problem } = line
    if (problem === undefined && text.trim() === '') continue
    const bad = (kind: LineProblem['kind'], message: string): RequestLine => ({
      found: { problem: { line: number, kind, message } },
      number,
      end,
    })
    let item: BatchItem
    try {
      item = parse(line, defaults)
    } catch (error) {
      yield bad('bad', (error as Error).message)
      continue
    }
    if (ids.add(item.id)) yield { found: { item }, number, end }
    else yield bad('duplicate', `id ${item.id} came before`)
  }
}

function parse({ text, problem }: Line, defaults: BatchDefaults): BatchItem {
  if (problem !== undefined) throw lineError(problem)
  return parseLine(text, defaults)
}
