import { fromJSONSchema } from 'zod'
import { registry } from 'zod/v4/core'

import type { JsonSchema } from './json.ts'
import type { SchemaType } from './output.ts'

/** The zod type of a JSON Schema; undefined where zod cannot express it. */
export function typeOfSchema(schema: JsonSchema): SchemaType | undefined {
  const defaultTarget = 'definitions' in schema ? 'draft-7' : 'draft-2020-12'
  try {
    // A registry of its own, so that the ids of schemas do not pile up in the application's.
    return fromJSONSchema(schema, { defaultTarget, registry: registry() })
  } catch {
    return undefined
  }
}
