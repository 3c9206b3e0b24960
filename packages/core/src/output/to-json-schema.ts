import type { SchemaType } from '../chat/output.ts'
import { DualscopeError } from '../errors.ts'
import type { JsonSchema } from '../json.ts'
import { importOnDemand } from '../lazy.ts'
import type * as zod from './zod.ts'

/** Whether a schema is a zod type rather than a JSON Schema. */
export function isSchemaType(schema: SchemaType | JsonSchema): schema is SchemaType {
  return '_zod' in schema
}

/**
 * Returns the JSON Schema that is sent for a zod type or a JSON Schema: the schema of the input, without `$schema`. Throws
 * `validation` with the place for a zod type that JSON Schema cannot express, such as `z.date()`.
 */
export async function toJsonSchema(schema: SchemaType | JsonSchema, place: string): Promise<JsonSchema> {
  const { $schema: _, ...fields } = isSchemaType(schema) ? await convert(schema, place) : schema
  return fields
}

/** Imports what zod types need, for its weight. */
export function importZod(): Promise<typeof zod> {
  return importOnDemand(import('./zod.ts'))
}

async function convert(schema: SchemaType, place: string): Promise<JsonSchema> {
  const { convertSchema } = await importZod()
  try {
    return convertSchema(schema)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DualscopeError('validation', `${place}: ${reason}; use a type that JSON can express`)
  }
}
