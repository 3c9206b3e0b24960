import { describeIssues, fitData } from './check-data.ts'
import { OutputError } from './output-error.ts'
import type { OutputSpec } from './output.ts'
import type { ChatResult } from '../chat/result.ts'
import { parseJson } from '../wire/read.ts'

/** The data of an answer; one that is no JSON, or does not fit, is an `OutputError`. */
export async function readOutput(result: ChatResult, spec: OutputSpec): Promise<unknown> {
  const data = parseJson(withoutFence(result.text))
  if (data === undefined) {
    const cut = result.finishReason === 'length' ? ': a token limit cut it' : ''
    const message = `The answer is no JSON${cut}`
    throw new OutputError(message, { issues: [{ path: [], message }], partial: result })
  }
  if (spec === 'json') return data
  const fitted = await fitData(spec, data)
  if ('data' in fitted) return fitted.data
  const { issues } = fitted
  throw new OutputError(`The answer does not fit: ${describeIssues(issues)}`, { issues, partial: result })
}

/** A model that has no JSON mode, and was asked in words alone, likes to put its JSON into a block of code. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(text)?.[1] ?? text
}
