import type { JsonSchema } from './json.ts'
import type { SchemaType } from './output.ts'

/** A zod type or JSON Schema as the JSON Schema that goes out: of what is put in, without the dialect's URL. */
export async function toJsonSchema(schema: SchemaType | JsonSchema): Promise<JsonSchema> {
  const { $schema: _, ...rest } = isSchemaType(schema) ? await converted(schema) : schema
  return rest
}

function isSchemaType(schema: SchemaType | JsonSchema): schema is SchemaType {
  return '_zod' in schema
}

async function converted(schema: SchemaType): Promise<JsonSchema> {
  // Loaded when first needed, and by way of a module of our own, of which bundlers take only what it imports.
  const { convertSchema } = await import('./convert-schema.ts')
  return convertSchema(schema)
}
