import type { JsonObject } from '../json.ts'

/** Fields without those that are undefined: what is not given is not written. */
export function given(fields: Readonly<JsonObject>): JsonObject {
  const set: JsonObject = {}
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) set[name] = value
  return set
}
