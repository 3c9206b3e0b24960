import type { $ZodType, output } from 'zod/v4/core'

import type { JsonSchema } from '../json.ts'
import { loadPart } from '../lazy.ts'
import type { ChatRequest } from '../chat/request.ts'
import type { ChatResult } from '../chat/result.ts'

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
  // The only place that knows that a spec and its output belong together.
  return { ...result, output: (await outputOf(result, request)) as OutputOf<S> }
}

async function outputOf(result: ChatResult, request: string | ChatRequest<OutputSpec | undefined>): Promise<unknown> {
  // Calls of tools come before the answer that was asked for.
  if (typeof request === 'string' || request.output === undefined || result.toolCalls.length > 0) return undefined
  const { readOutput } = await loadPart(import('./read-output.ts'))
  return readOutput(result, request.output)
}
