import { dereference, Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'

import type { DataIssue } from '../errors.ts'
import { isJsonObject, isList, type JsonSchema } from '../json.ts'
import { portSchema, SchemaProblem } from './port-schema.ts'

/** Returns why data cannot be checked against a JSON Schema, or undefined if it can. */
export function explainSchema(schema: JsonSchema): string | undefined {
  try {
    assertReferences(portSchema(schema))
    return undefined
  } catch (error) {
    return error instanceof SchemaProblem ? error.message : `it is invalid: ${String(error)}`
  }
}

/** Returns where data does not match a JSON Schema. Data that cannot be checked does not match. */
export function checkJsonSchema(schema: JsonSchema, data: unknown): readonly DataIssue[] {
  const malformed = findMalformedName(data, [])
  if (malformed) return [{ path: malformed, message: 'holds a property name that is not well-formed text' }]
  try {
    const ported = portSchema(schema)
    assertReferences(ported)
    const { errors } = new Validator(ported, 'definitions' in schema ? '7' : '2020-12', false).validate(data)
    return innermost(errors).map(({ instanceLocation, error }) => ({
      path: pathOf(instanceLocation, data),
      message: error,
    }))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return [{ path: [], message: `cannot be checked: ${reason}` }]
  }
}

/** A reference must lead to a place within the schema, and not only back to itself. */
function assertReferences(schema: Schema): void {
  const lookup = dereference(schema)
  for (const inner of Object.values(lookup)) {
    if (typeof inner === 'boolean' || inner.$ref === undefined) continue
    const seen = new Set<unknown>()
    for (let target: Schema | boolean | undefined = inner; ;) {
      if (seen.has(target)) throw new SchemaProblem(`the reference "${inner.$ref}" leads to itself`)
      seen.add(target)
      if (typeof target === 'boolean' || target.$ref === undefined) break
      target = lookup[target.__absolute_ref__ ?? target.$ref]
      if (target === undefined) throw new SchemaProblem(`the reference "${inner.$ref}" leads nowhere in it`)
    }
  }
}

/** Enclosing levels repeat a nested error; keep only the innermost. */
function innermost(errors: readonly OutputUnit[]): OutputUnit[] {
  const enclosing = new Set<string>()
  for (const { keywordLocation } of errors) {
    for (let end = keywordLocation.lastIndexOf('/'); end > 0; end = keywordLocation.lastIndexOf('/', end - 1)) {
      const outer = keywordLocation.slice(0, end)
      if (enclosing.has(outer)) break
      enclosing.add(outer)
    }
  }
  return errors.filter(({ keywordLocation }) => !enclosing.has(keywordLocation))
}

/** The validator writes names into pointers, which half a character breaks. */
function findMalformedName(value: unknown, path: readonly PropertyKey[]): readonly PropertyKey[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const entries: readonly [PropertyKey, unknown][] = isList(value) ? [...value.entries()] : Object.entries(value)
  for (const [key, inner] of entries) {
    if (typeof key === 'string' && /\p{Surrogate}/u.test(key)) return path
    const found = findMalformedName(inner, [...path, key])
    if (found) return found
  }
  return undefined
}

/** Reads a JSON pointer as a path; a step into an array is a number. */
function pathOf(pointer: string, data: unknown): PropertyKey[] {
  const steps = pointer.split('/').slice(1)
  let value = data
  return steps.map((step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    const key = Array.isArray(value) ? Number(name) : name
    value = isJsonObject(value) || Array.isArray(value) ? Reflect.get(value, key) : undefined
    return key
  })
}
