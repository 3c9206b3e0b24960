import { DualscopeError } from '../errors.ts'

/** Headers one over the other, names in lower case; what is no header is `configuration` before anything is sent. */
export function mergeHeaders(
  ...layers: readonly (Readonly<Record<string, string>> | undefined)[]
): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer ?? {})) {
      // RFC 9110: the error of a runtime that refuses a header prints its value, so that it is checked here.
      const [start = ''] = /^[\w!#$%&'*+.^`|~-]*/.exec(name) ?? []
      if (start === '' || start !== name) {
        // What follows may be the value.
        throw new DualscopeError('configuration', `headers: "${start}…" is no header name`)
      }
      if (typeof value !== 'string' || !/^[\t\x20-\x7E]*$/.test(value)) {
        throw new DualscopeError('configuration', `headers.${name}: may hold printable ASCII only`)
      }
      merged[name.toLowerCase()] = value
    }
  }
  return merged
}
