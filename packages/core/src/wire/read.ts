import type { $ZodType, output } from 'zod/v4/core'

import { DualscopeError } from '../errors.ts'
import { isJsonObject, isList, isTooDeep, parseShallow, type JsonObject } from '../json.ts'
import { truncate } from '../redact.ts'

// Fields are read one by one instead of by a schema: a streamed answer has thousands of messages (docs/decisions/013).

/** Parses the data of an event, or throws `protocol`. Nesting is not checked here; check free-form fields with `isTooDeep`. */
export function parseEvent(data: string): unknown {
  const body = parseShallow(data)
  if (body === undefined) throw new DualscopeError('protocol', `An event is not JSON: ${truncate(data, 200)}`)
  return body
}

/** Whether the data of an event says nothing: null, an empty object, or a sign of life of a gateway. */
export function isSilent(body: unknown): boolean {
  if (body === null) return true
  if (!isJsonObject(body)) return false
  let keys = 0
  // Most events have several; counting them all takes time for each delta.
  for (const _ in body) if ((keys += 1) > 1) return false
  return keys === 0 || /^(ping|heartbeat|keepalive|done)$/i.test(String(body['type']))
}

/** Returns a value that must be an object. Throws `protocol` with its place otherwise. */
export function requireObject(value: unknown, place: string): JsonObject {
  if (isJsonObject(value)) return value
  throw unknownShape(value, place)
}

/**
 * Returns a field that must be an object if it is present. A missing field may also be null, here and below; some gateways write an
 * empty object as an empty list.
 */
export function optionalObject(parent: JsonObject, field: string, place: string): JsonObject | undefined {
  const value = parent[field]
  if (value === undefined || value === null || (isList(value) && value.length === 0)) return undefined
  if (isJsonObject(value)) return value
  throw unknownShape(value, `${place}.${field}`)
}

/** Returns a field that must be a list if it is present. */
export function optionalList(parent: JsonObject, field: string, place: string): readonly unknown[] | undefined {
  const value = parent[field]
  if (value === undefined || value === null) return undefined
  if (isList(value)) return value
  throw unknownShape(value, `${place}.${field}`)
}

/** Returns a field that must be text if it is present. */
export function optionalText(parent: JsonObject, field: string, place: string): string | undefined {
  const value = parent[field]
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return undefined
  throw unknownShape(value, `${place}.${field}`)
}

/** Returns a field that must be a finite number if it is present. */
export function optionalNumber(parent: JsonObject, field: string, place: string): number | undefined {
  const value = parent[field]
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (value === undefined || value === null) return undefined
  throw unknownShape(value, `${place}.${field}`)
}

/** Creates the `protocol` error for an unexpected value at a place in an answer. */
export function unknownShape(value: unknown, place: string): DualscopeError {
  const where = place.replace(/^\./, '')
  const message = `The answer has an unknown shape${where && ` at ${where}`}: ${truncate(stringifyJson(value), 200)}`
  return new DualscopeError('protocol', message)
}

/** Writes a JSON value as text again. Throws `protocol` if it nests too deep. */
export function stringifyJson(value: unknown): string {
  if (isTooDeep(value)) throw new DualscopeError('protocol', 'The answer nests too deep')
  return JSON.stringify(value) ?? String(value)
}

/** Creates a function that reads messages of the service by a zod type. It throws `protocol` with the place otherwise. */
export function wireReader<S extends $ZodType>(schema: S): (value: unknown) => output<S> {
  return (value) => {
    const checked = schema['~standard'].validate(value)
    if (checked instanceof Promise) throw new TypeError('wireReader: the schema of a message must be synchronous')
    if (!checked.issues) return checked.value
    throw unknownShape(value, (checked.issues[0]?.path ?? []).map(String).join('.'))
  }
}
