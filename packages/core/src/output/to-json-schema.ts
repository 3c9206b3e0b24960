import { DualscopeError } from '../errors.ts'
import type { JsonSchema } from '../json.ts'
import { loadPart } from '../lazy.ts'
import type { SchemaType } from './output.ts'

/** Whether a schema is a zod type rather than a JSON Schema. */
export function isSchemaType(schema: SchemaType | JsonSchema): schema is SchemaType {
  return '_zod' in schema
}

/**
 * A zod type or JSON Schema as the JSON Schema that goes out: of what is put in, without the dialect's URL. A zod type
 * that none can express (`z.date()`) is a `validation` error with its place.
 */
export async function toJsonSchema(schema: SchemaType | JsonSchema, place: string): Promise<JsonSchema> {
  const { $schema: _, ...rest } = isSchemaType(schema) ? await converted(schema, place) : schema
  return rest
}

async function converted(schema: SchemaType, place: string): Promise<JsonSchema> {
  // Loaded when first needed, and by way of a module of our own, of which bundlers take only what it imports.
  const { convertSchema } = await loadPart(import('./zod-to-json-schema.ts'))
  try {
    return convertSchema(schema)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DualscopeError('validation', `${place}: ${reason}; take a type that JSON has`)
  }
}
