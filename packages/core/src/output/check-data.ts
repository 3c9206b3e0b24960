import { config, safeParseAsync, type $ZodErrorMap } from 'zod/v4/core'
import english from 'zod/v4/locales/en.js'

import type { SchemaType } from '../chat/output.ts'
import type { DataIssue } from '../errors.ts'
import { formatPath, type JsonSchema } from '../json.ts'
import { importOnDemand } from '../lazy.ts'
import { isSchemaType } from './to-json-schema.ts'

/** Reads data with a zod type, which may transform it, or checks it against a JSON Schema, which leaves it as it is. */
export async function checkData(
  schema: SchemaType | JsonSchema,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  if (!isSchemaType(schema)) {
    const { checkJsonSchema } = await importOnDemand(import('./check-json-schema.ts'))
    const issues = checkJsonSchema(schema, data)
    return issues?.length ? { issues } : { data }
  }
  const parsed = await safeParseAsync(schema, data, wording())
  if (parsed.success) return { data: parsed.data }
  return { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) }
}

/** Writes issues as one sentence each: `address.zip: Invalid input: expected string, received number`. */
export function describeIssues(issues: readonly DataIssue[]): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${formatPath(path)}: ${message}` : message)).join('; ')
}

/** Chooses English for `zod/mini`, whose issues all read "Invalid input". Keeps a language that the application has set. */
function wording(): { error?: $ZodErrorMap } {
  const { customError, localeError } = config()
  return customError || localeError ? {} : { error: english().localeError }
}
