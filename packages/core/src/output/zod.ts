import { config, safeParseAsync, toJSONSchema, type $ZodErrorMap, type $ZodType } from 'zod/v4/core'
import english from 'zod/v4/locales/en.js'

import type { DataIssue } from '../errors.ts'
import type { JsonSchema } from '../json.ts'

// Imported with the first type of zod/mini (to-json-schema.ts): zod's converter and its English messages weigh as much as the
// rest of zod that is used. The types of zod itself convert themselves.

/** Converts a type of `zod/mini` to the JSON Schema of its input. */
export function convertSchema(schema: $ZodType): JsonSchema {
  return toJSONSchema(schema, { io: 'input' })
}

/** Reads data with a type of `zod/mini`, which may transform it. */
export async function parseData(
  schema: $ZodType,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  const parsed = await safeParseAsync(schema, data, wording())
  if (parsed.success) return { data: parsed.data }
  return { issues: parsed.error.issues.map(({ path, message }) => ({ path, message })) }
}

/** Chooses English for `zod/mini`, whose issues all read "Invalid input". Keeps a language that the application has set. */
function wording(): { error?: $ZodErrorMap } {
  const { customError, localeError } = config()
  return customError || localeError ? {} : { error: english().localeError }
}
