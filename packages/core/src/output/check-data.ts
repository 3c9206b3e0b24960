import type { SchemaType, StandardType } from '../chat/output.ts'
import type { DataIssue } from '../errors.ts'
import { formatPath, type JsonSchema } from '../json.ts'
import { truncate } from '../redact.ts'
import { isSchemaType, isStandardType } from './schema-kind.ts'
import { importValidator, importZod } from './to-json-schema.ts'

/** Reads data with a type, which may transform it, or checks it against a JSON Schema, which leaves it as it is. */
export async function checkData(
  schema: SchemaType | JsonSchema,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  if (isStandardType(schema)) return validateData(schema, data)
  if (isSchemaType(schema)) {
    const { parseData } = await importZod()
    return parseData(schema, data)
  }
  const { checkJsonSchema } = await importValidator()
  const issues = checkJsonSchema(schema, data)
  return issues.length > 0 ? { issues } : { data }
}

async function validateData(
  type: StandardType,
  data: unknown,
): Promise<{ data: unknown } | { issues: readonly DataIssue[] }> {
  const result = await type['~standard'].validate(data)
  if (!result.issues) return { data: result.value }
  return {
    issues: result.issues.map(({ path = [], message }) => ({
      // The path of arktype is an array of a class of its own.
      path: Array.from(path, (step) => (typeof step === 'object' ? step.key : step)),
      message,
    })),
  }
}

// Issues go into messages, and those of a tool back to the model, which bills them in every further step.
const mostIssues = 50
const longestText = 2_000

/**
 * Writes issues as one sentence each, up to 2,000 characters: `address.zip: Invalid input: expected string, received number`.
 */
export function describeIssues(issues: readonly DataIssue[]): string {
  const sentences = issues
    .slice(0, mostIssues)
    .map(({ path, message }) => (path.length > 0 ? `${formatPath(path)}: ${message}` : message))
  if (issues.length > mostIssues) sentences.push(`${issues.length - mostIssues} more`)
  return truncate(sentences.join('; '), longestText)
}
