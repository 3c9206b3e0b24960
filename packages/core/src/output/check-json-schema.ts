import { Validator, type OutputUnit } from '@cfworker/json-schema'

import type { DataIssue } from '../errors.ts'
import type { JsonSchema } from '../json.ts'

/** Returns where data does not match a JSON Schema, or undefined if the schema has an external reference. */
export function checkJsonSchema(schema: JsonSchema, data: unknown): readonly DataIssue[] | undefined {
  try {
    const { errors } = new Validator(schema, 'definitions' in schema ? '7' : '2020-12', false).validate(data)
    // Enclosing levels repeat a nested error; keep only the innermost.
    const innermost = errors.filter(({ keywordLocation }) => !errors.some((other) => isWithin(other, keywordLocation)))
    return innermost.map(({ instanceLocation, error }) => ({ path: pathOf(instanceLocation, data), message: error }))
  } catch {
    return undefined
  }
}

function isWithin(inner: OutputUnit, outer: string): boolean {
  return inner.keywordLocation.startsWith(`${outer}/`)
}

/** Reads a JSON pointer as a path; a step into an array is a number. */
function pathOf(pointer: string, data: unknown): PropertyKey[] {
  const steps = pointer.split('/').slice(1)
  let value = data
  return steps.map((step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    const key = Array.isArray(value) ? Number(name) : name
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined
    return key
  })
}
