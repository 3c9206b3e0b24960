import type { JsonSchema } from './json.ts'
import type { SchemaType } from './output.ts'

/** Whether a schema is a zod type rather than a JSON Schema. */
export function isSchemaType(schema: SchemaType | JsonSchema): schema is SchemaType {
  return '_zod' in schema
}

/** A zod type or JSON Schema as the JSON Schema that goes out: of what is put in, without the dialect's URL. */
export async function toJsonSchema(schema: SchemaType | JsonSchema): Promise<JsonSchema> {
  const { $schema: _, ...rest } = isSchemaType(schema) ? await converted(schema) : schema
  return rest
}

async function converted(schema: SchemaType): Promise<JsonSchema> {
  // Loaded when first needed: a chat without schemas does not pay for the converter.
  const { toJSONSchema } = await import('zod/v4/core')
  return toJSONSchema(schema, { io: 'input' })
}
