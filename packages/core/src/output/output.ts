import type { $ZodType, output } from 'zod/v4/core'

import type { JsonSchema } from '../json.ts'
import { OutputError } from './output-error.ts'
import type { ChatRequest } from '../request.ts'
import type { ChatResult } from '../result.ts'
import { parseJson } from '../wire/parse.ts'

/** Any zod 4 type, of `zod` or of `zod/mini`. */
export type SchemaType = $ZodType

/** The form of a structured answer: any JSON, or what fits a zod type or a JSON Schema. */
export type OutputSpec = 'json' | SchemaType | JsonSchema

/** The type of `result.output` for an `OutputSpec`. */
export type OutputOf<S extends OutputSpec | undefined> = S extends SchemaType
  ? output<S>
  : S extends undefined
    ? undefined
    : unknown

/** The result of a request with the answer's data in it, if the request asked for data. */
export async function withOutput<S extends OutputSpec | undefined>(
  result: ChatResult,
  request: string | ChatRequest<S>,
): Promise<ChatResult<OutputOf<S>>> {
  const spec = typeof request === 'string' ? undefined : request.output
  // The only place that knows that a spec and its output belong together.
  return { ...result, output: (await readOutput(result, spec)) as OutputOf<S> }
}

async function readOutput(result: ChatResult, spec: OutputSpec | undefined): Promise<unknown> {
  // Calls of tools come before the answer that was asked for.
  if (spec === undefined || result.toolCalls.length > 0) return undefined
  const data = parseJson(withoutFence(result.text))
  if (data === undefined) {
    const cut = result.finishReason === 'length' ? ': a token limit cut it' : ''
    const message = `The answer is no JSON${cut}`
    throw new OutputError(message, { issues: [{ path: [], message }], partial: result })
  }
  if (spec === 'json') return data
  const { describeIssues, fitData } = await import('./fit-data.ts')
  const fitted = await fitData(spec, data)
  if ('data' in fitted) return fitted.data
  const { issues } = fitted
  throw new OutputError(`The answer does not fit: ${describeIssues(issues)}`, { issues, partial: result })
}

/** A model that has no JSON mode, and was asked in words alone, likes to put its JSON into a block of code. */
function withoutFence(text: string): string {
  return /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(text)?.[1] ?? text
}
