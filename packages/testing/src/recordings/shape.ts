function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value
}

/** The fields whose texts name a kind and are part of the shape. */
const naming = new Set(['role', 'type', 'object', 'code', 'finish_reason'])

/**
 * Adds the shape of a JSON value to a set of lines, such as `choices[].delta.content: string`. The length of a list does not
 * count, and a text only counts if it names a kind.
 */
export function addShape(value: unknown, lines: Set<string>, path = '', name = ''): void {
  const type = typeOf(value)
  const shown = type === 'string' && naming.has(name) ? JSON.stringify(value) : type
  lines.add(`${path}: ${shown}`)
  if (Array.isArray(value)) for (const each of value) addShape(each, lines, `${path}[]`)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, each] of Object.entries(value)) addShape(each, lines, path === '' ? key : `${path}.${key}`, key)
  }
}

/** Returns the shape of a JSON value as one text. */
export function shapeOf(value: unknown): string {
  const lines = new Set<string>()
  addShape(value, lines)
  return [...lines].toSorted().join('\n')
}

/** Writes a JSON value with its keys in order, so that equal values are equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  )
}
