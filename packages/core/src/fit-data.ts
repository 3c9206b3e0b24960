import type { $ZodErrorMap } from 'zod/v4/core'

import { placeOf } from './describe-issue.ts'
import type { JsonSchema } from './json.ts'
import { isSchemaType } from './json-schema.ts'
import type { SchemaType } from './output.ts'

/** Where data does not fit its schema, and why. */
export interface DataIssue {
  path: readonly PropertyKey[]
  message: string
}

/**
 * Reads data by a zod type, which may transform it, or checks it against a JSON Schema, which leaves it as it is. A JSON
 * Schema that zod cannot express (`not`, `if`, references out of it) is not checked.
 */
export async function fitData(
  schema: SchemaType | JsonSchema,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  // Loaded when first needed: a chat without schemas does not pay for it.
  const { safeParseAsync } = await import('zod/v4/core')
  const type = isSchemaType(schema) ? schema : await typeOf(schema)
  if (!type) return { data }
  const parsed = await safeParseAsync(type, data, await wording())
  if (parsed.success) return { data: isSchemaType(schema) ? parsed.data : data }
  return { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) }
}

/** Issues as one sentence each: `address.zip: Invalid input: expected string, received number`. */
export function describeIssues(issues: readonly DataIssue[]): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${placeOf(path)}: ${message}` : message)).join('; ')
}

async function typeOf(schema: JsonSchema): Promise<SchemaType | undefined> {
  const [{ fromJSONSchema }, { registry }] = await Promise.all([import('zod'), import('zod/v4/core')])
  const defaultTarget = 'definitions' in schema ? 'draft-7' : 'draft-2020-12'
  try {
    // A registry of its own, so that the ids of schemas do not pile up in zod's global one.
    return fromJSONSchema(schema, { defaultTarget, registry: registry() })
  } catch {
    return undefined
  }
}

/** English for `zod/mini`, whose issues all read "Invalid input"; a language that the application set is kept. */
async function wording(): Promise<{ error?: $ZodErrorMap }> {
  const { config, locales } = await import('zod/v4/core')
  const { customError, localeError } = config()
  return customError || localeError ? {} : { error: locales.en().localeError }
}
