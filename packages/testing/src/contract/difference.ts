function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value instanceof Error) return `${value.name}: ${value.message}`
  if (value instanceof RegExp || typeof value === 'bigint' || typeof value === 'symbol') return String(value)
  const text = JSON.stringify(value) ?? typeof value
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}

type Fields = Readonly<Record<string, unknown>>

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null
}

function keysOf(value: Fields): string[] {
  return Object.keys(value).filter((key) => value[key] !== undefined)
}

/**
 * Lists the differences between a value and the expected one, a line each. A regular expression accepts the texts that it
 * matches, and an absent key equals an undefined one. With `partial`, unexpected keys are ignored.
 */
export function differences(actual: unknown, expected: unknown, partial: boolean, path = ''): string[] {
  const here = path === '' ? 'the value' : path
  const differs = [`${here}: expected ${show(expected)}, got ${show(actual)}`]
  if (expected instanceof RegExp) return typeof actual === 'string' && expected.test(actual) ? [] : differs
  if (Object.is(actual, expected)) return []
  if (!isFields(actual) || !isFields(expected) || Array.isArray(actual) !== Array.isArray(expected)) return differs
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length !== actual.length) return differs
  const keys = new Set([...keysOf(expected), ...(partial ? [] : keysOf(actual))])
  return [...keys].flatMap((key) => {
    const place = Array.isArray(expected) ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`
    return differences(actual[key], expected[key], partial, place)
  })
}

function demand(found: readonly string[], what: string) {
  if (found.length > 0) throw new Error([what, ...found].join('\n  '))
}

/** Throws an `Error` with the differences, if there are any. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  return demand(differences(actual, expected, false), what)
}

/** Does the same as `equal`, but ignores keys that are not expected. */
export function matches(actual: unknown, expected: unknown, what: string): void {
  return demand(differences(actual, expected, true), what)
}

/** Throws unless the condition is true. `what` states it as a sentence. */
export function assert(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Does not hold: ${what}`)
}
