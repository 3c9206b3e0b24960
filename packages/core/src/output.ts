import type { $ZodType, output } from 'zod/v4/core'

import { DualscopeError } from './errors.ts'
import type { JsonSchema } from './json.ts'
import type { ChatRequest } from './request.ts'
import type { ChatResult } from './result.ts'

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
  return { ...result, output: (await readOutput(result.text, spec)) as OutputOf<S> }
}

async function readOutput(text: string, spec: OutputSpec | undefined): Promise<unknown> {
  if (spec === undefined) return undefined
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (error) {
    throw new DualscopeError('output', `The answer is no JSON: ${(error as Error).message}`)
  }
  return data
}
