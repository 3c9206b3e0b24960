import { toJSONSchema } from 'zod/v4/core'

import type { SchemaType } from '../chat/output.ts'
import type { JsonSchema } from '../json.ts'

// A module of our own, so that bundlers take only what it imports.

/** Converts a zod type to the JSON Schema of its input. */
export function convertSchema(schema: SchemaType): JsonSchema {
  return toJSONSchema(schema, { io: 'input' })
}
