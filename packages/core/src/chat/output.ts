import type { $ZodType, output } from 'zod/v4/core'

import type { JsonSchema } from '../json.ts'

/** A zod 4 type, from `zod` or `zod/mini`. */
export type SchemaType = $ZodType

/** The form of a structured answer: any JSON, or data that matches a zod type or a JSON Schema. */
export type OutputSpec = 'json' | SchemaType | JsonSchema

/** The type of `result.output` for an `OutputSpec`. */
export type OutputOf<S extends OutputSpec | undefined> = S extends SchemaType
  ? output<S>
  : S extends undefined
    ? undefined
    : unknown
