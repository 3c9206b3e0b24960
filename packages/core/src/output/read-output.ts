import type { OutputOf, OutputSpec } from '../chat/output.ts'
import type { ChatResult } from '../chat/result.ts'
import { OutputError } from '../errors.ts'
import { checkData, describeIssues } from './check-data.ts'
import { findJson } from './find-json.ts'

/**
 * Adds the answer's data to a result, if the request asked for data. `prefix` is the beginning of the answer that the caller
 * wrote (partial mode). Throws `OutputError` if the answer holds no JSON, several values, or data that does not match.
 */
export async function withOutput<S extends OutputSpec | undefined>(
  result: ChatResult,
  spec: S | undefined,
  prefix: string = '',
): Promise<ChatResult<OutputOf<S>>> {
  // Tool calls come before the answer that was asked for.
  const output = spec === undefined || result.toolCalls.length > 0 ? undefined : await readOutput(result, spec, prefix)
  // The only place that knows that a spec and its output belong together.
  return { ...result, output: output as OutputOf<S> }
}

async function readOutput(result: ChatResult, spec: OutputSpec, prefix: string): Promise<unknown> {
  const fail = (message: string) => new OutputError(message, { issues: [{ path: [], message }], partial: result })
  const values = findJson(prefix + result.text)
  if (values.length === 0) {
    throw fail(`The answer is not JSON${result.finishReason === 'length' ? ': a token limit cut it' : ''}`)
  }
  if (values.length > 1) throw fail(`The answer holds ${values.length} different JSON values`)
  const [data] = values
  if (spec === 'json') return data
  const checked = await checkData(spec, data)
  if ('data' in checked) return checked.data
  const { issues } = checked
  throw new OutputError(`The answer does not match: ${describeIssues(issues)}`, { issues, partial: result })
}
