import { Validator, type OutputUnit } from '@cfworker/json-schema'

import type { DataIssue } from './check-data.ts'
import type { JsonSchema } from '../json.ts'

/** Where data does not fit a JSON Schema; undefined where it refers to a schema out of it, which nobody has. */
export function checkJsonSchema(schema: JsonSchema, data: unknown): readonly DataIssue[] | undefined {
  try {
    const { errors } = new Validator(schema, 'definitions' in schema ? '7' : '2020-12', false).validate(data)
    // An error in the depth is told again for every level around it: the innermost says what is wrong.
    const innermost = errors.filter(({ keywordLocation }) => !errors.some((other) => isWithin(other, keywordLocation)))
    return innermost.map(({ instanceLocation, error }) => ({ path: pathOf(instanceLocation, data), message: error }))
  } catch {
    return undefined
  }
}

function isWithin(inner: OutputUnit, outer: string): boolean {
  return inner.keywordLocation.startsWith(`${outer}/`)
}

/** A JSON pointer as a path; a step into an array is a number. */
function pathOf(pointer: string, data: unknown): PropertyKey[] {
  const steps = pointer.split('/').slice(1)
  let at = data
  return steps.map((step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    const key = Array.isArray(at) ? Number(name) : name
    at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
    return key
  })
}
