import type { SchemaType } from '../chat/output.ts'
import { DualscopeError } from '../errors.ts'
import { explainNonJson, type JsonSchema } from '../json.ts'
import { importOnDemand } from '../lazy.ts'
import type * as jsonSchema from './check-json-schema.ts'
import { assertSchema, isSchemaType, isStandardType } from './schema-kind.ts'
import type * as zod from './zod.ts'

/**
 * Returns the JSON Schema that is sent for a type or a JSON Schema: the schema of the input, without `$schema`. Throws
 * `validation` with the place for a type that JSON Schema cannot express, such as `z.date()`, and with `checked` also for a
 * JSON Schema that data cannot be checked against.
 */
export async function toJsonSchema(
  schema: SchemaType | JsonSchema,
  place: string,
  { checked }: { checked: boolean },
): Promise<JsonSchema> {
  assertSchema(schema, place)
  const problem = isSchemaType(schema) ? undefined : explainNonJson(schema, place)
  if (problem) throw new DualscopeError('validation', problem)
  if (checked && !isSchemaType(schema)) await assertCheckable(schema, place)
  const { $schema: _, ...fields } = isSchemaType(schema) ? await convertType(schema, place) : schema
  return fields
}

/** Imports what the types of `zod/mini` need, for its weight. */
export function importZod(): Promise<typeof zod> {
  return importOnDemand(import('./zod.ts'))
}

/** Imports the JSON Schema validator, for its weight. */
export function importValidator(): Promise<typeof jsonSchema> {
  return importOnDemand(import('./check-json-schema.ts'))
}

async function assertCheckable(schema: JsonSchema, place: string): Promise<void> {
  const { explainSchema } = await importValidator()
  const reason = explainSchema(schema)
  if (reason) throw new DualscopeError('validation', `${place}: the JSON Schema cannot be checked: ${reason}`)
}

async function convertType(type: SchemaType, place: string): Promise<JsonSchema> {
  const convert = await findConverter(type)
  try {
    return convert()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new DualscopeError('validation', `${place}: ${reason}; use a type that JSON can express`)
  }
}

async function findConverter(type: SchemaType): Promise<() => JsonSchema> {
  if (isStandardType(type)) return () => type['~standard'].jsonSchema.input({ target: 'draft-2020-12' })
  const { convertSchema } = await importZod()
  return () => convertSchema(type)
}
