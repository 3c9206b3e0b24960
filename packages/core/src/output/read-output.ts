import type { OutputOf, OutputSpec } from '../chat/output.ts'
import type { ChatResult } from '../chat/result.ts'
import { OutputError } from '../errors.ts'
import { parseJson } from '../json.ts'
import { checkData, describeIssues } from './check-data.ts'

/** Adds the answer's data to a result, if the request asked for data. */
export async function withOutput<S extends OutputSpec | undefined>(
  result: ChatResult,
  spec: S | undefined,
): Promise<ChatResult<OutputOf<S>>> {
  // Tool calls come before the answer that was asked for.
  const output = spec === undefined || result.toolCalls.length > 0 ? undefined : await readOutput(result, spec)
  // The only place that knows that a spec and its output belong together.
  return { ...result, output: output as OutputOf<S> }
}

/** Reads the data of an answer. Throws `OutputError` if it is not JSON or does not match. */
async function readOutput(result: ChatResult, spec: OutputSpec): Promise<unknown> {
  const data = parseJson(withoutFence(result.text))
  if (data === undefined) {
    const cut = result.finishReason === 'length' ? ': a token limit cut it' : ''
    const message = `The answer is not JSON${cut}`
    throw new OutputError(message, { issues: [{ path: [], message }], partial: result })
  }
  if (spec === 'json') return data
  const checked = await checkData(spec, data)
  if ('data' in checked) return checked.data
  const { issues } = checked
  throw new OutputError(`The answer does not match: ${describeIssues(issues)}`, { issues, partial: result })
}

/** Removes a code block: a model without JSON mode, asked for JSON in words, likes to write one. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(text)?.[1] ?? text
}
