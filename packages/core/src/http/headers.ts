import { DualscopeError } from '../errors.ts'
import { isList } from '../json.ts'

/** Merges headers; later layers win. Names become lower case. Throws `configuration` for an invalid name or value. */
export function mergeHeaders(
  ...layers: readonly (Readonly<Record<string, string>> | Iterable<readonly [string, string]> | undefined)[]
): Record<string, string> {
  const merged: Record<string, string> = {}
  for (const layer of layers) {
    for (const entry of entriesOf(layer)) {
      if (!isList(entry)) throw new DualscopeError('configuration', 'headers: must hold pairs of a name and a value')
      const [name, value] = entry
      // RFC 9110. A runtime's own error would print the value, so names and values are checked here.
      const [start = ''] = /^[\w!#$%&'*+.^`|~-]*/.exec(name) ?? []
      if (start === '' || start !== name) {
        // The rest may be a value, and secret.
        throw new DualscopeError('configuration', `headers: "${start}…" is not a valid header name`)
      }
      if (typeof value !== 'string') {
        throw new DualscopeError('configuration', `headers.${name}: must be text, got ${typeof value}`)
      }
      if (!/^[\t\x20-\x7E]*$/.test(value)) {
        throw new DualscopeError('configuration', `headers.${name}: must hold printable ASCII only`)
      }
      merged[name.toLowerCase()] = value
    }
  }
  return merged
}

function entriesOf(
  layer: Readonly<Record<string, string>> | Iterable<readonly [string, string]> | undefined = {},
): Iterable<readonly [string, string]> {
  return Symbol.iterator in layer ? layer : Object.entries(layer)
}

/** Returns the request id in the headers of a response; of an upload's storage too. */
export function requestIdOf({ headers }: Response): string | undefined {
  return headers.get('x-request-id') ?? headers.get('x-oss-request-id') ?? undefined
}
