import { config, safeParseAsync, type $ZodErrorMap } from 'zod/v4/core'
import english from 'zod/v4/locales/en.js'

import { placeOf } from '../request/explain-issue.ts'
import type { JsonSchema } from '../json.ts'
import { isSchemaType } from './to-json-schema.ts'
import { loadPart } from '../lazy.ts'
import type { SchemaType } from './output.ts'

/** Where data does not fit its schema, and why. */
export interface DataIssue {
  path: readonly PropertyKey[]
  message: string
}

/**
 * Reads data by a zod type, which may transform it, or checks it against a JSON Schema, which leaves it as it is. To be
 * imported when first needed: a chat without schemas does not pay for validators and languages.
 */
export async function fitData(
  schema: SchemaType | JsonSchema,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  if (!isSchemaType(schema)) {
    const { checkJsonSchema } = await loadPart(import('./check-json-schema.ts'))
    const issues = checkJsonSchema(schema, data)
    return issues?.length ? { issues } : { data }
  }
  const parsed = await safeParseAsync(schema, data, wording())
  if (parsed.success) return { data: parsed.data }
  return { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) }
}

/** Issues as one sentence each: `address.zip: Invalid input: expected string, received number`. */
export function describeIssues(issues: readonly DataIssue[]): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${placeOf(path)}: ${message}` : message)).join('; ')
}

/** English for `zod/mini`, whose issues all read "Invalid input"; a language that the application set is kept. */
function wording(): { error?: $ZodErrorMap } {
  const { customError, localeError } = config()
  return customError || localeError ? {} : { error: english().localeError }
}
