import type { SchemaType } from '../chat/output.ts'
import type { DataIssue } from '../errors.ts'
import { formatPath, type JsonSchema } from '../json.ts'
import { importOnDemand } from '../lazy.ts'
import { importZod, isSchemaType } from './to-json-schema.ts'

/** Reads data with a zod type, which may transform it, or checks it against a JSON Schema, which leaves it as it is. */
export async function checkData(
  schema: SchemaType | JsonSchema,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  if (isSchemaType(schema)) {
    const { parseData } = await importZod()
    return parseData(schema, data)
  }
  const { checkJsonSchema } = await importOnDemand(import('./check-json-schema.ts'))
  const issues = checkJsonSchema(schema, data)
  return issues?.length ? { issues } : { data }
}

/** Writes issues as one sentence each: `address.zip: Invalid input: expected string, received number`. */
export function describeIssues(issues: readonly DataIssue[]): string {
  return issues.map(({ path, message }) => (path.length > 0 ? `${formatPath(path)}: ${message}` : message)).join('; ')
}
