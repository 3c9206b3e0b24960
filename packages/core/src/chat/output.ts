import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec'
import type { $ZodType } from 'zod/v4/core'

import type { JsonSchema } from '../json.ts'

/**
 * A type that validates data (Standard Schema) and converts itself to JSON Schema (Standard JSON Schema): a type of zod or
 * arktype, or of valibot through `toStandardJsonSchema()`.
 */
export interface StandardType<Input = unknown, Output = Input> {
  readonly '~standard': StandardSchemaV1.Props<Input, Output> & StandardJSONSchemaV1.Props<Input, Output>
}

/** A type of a schema library, or of `zod/mini`. */
export type SchemaType = StandardType | $ZodType

/** The form of a structured answer: any JSON, or data that matches a type of a schema library or a JSON Schema. */
export type OutputSpec = 'json' | SchemaType | JsonSchema

/** The type of `result.output` for an `OutputSpec`. */
export type OutputOf<S extends OutputSpec | undefined> = S extends SchemaType
  ? StandardSchemaV1.InferOutput<S>
  : S extends undefined
    ? undefined
    : unknown
