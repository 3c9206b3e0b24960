import { toJSONSchema } from 'zod/v4/core'

import type { JsonSchema } from '../json.ts'
import type { SchemaType } from './output.ts'

/** The JSON Schema of what a zod type takes in. */
export function convertSchema(schema: SchemaType): JsonSchema {
  return toJSONSchema(schema, { io: 'input' })
}
