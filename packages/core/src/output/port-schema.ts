import { isJsonObject, isList, isTooDeep, type JsonObject, type JsonSchema } from '../json.ts'

/** The reason why a JSON Schema cannot be checked, with its place. */
export class SchemaProblem extends Error {}

const schemas =
  'additionalItems additionalProperties contains else if not propertyNames then unevaluatedItems unevaluatedProperties'
const schemaLists = 'allOf anyOf oneOf prefixItems'
const schemaMaps = '$defs definitions dependentSchemas patternProperties properties'
const numbers =
  'exclusiveMaximum exclusiveMinimum maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf'

const types = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']

type Port = (value: unknown, place: string) => unknown

/** How each keyword is checked and copied; others are left as they are. */
const keywords: ReadonlyMap<string, Port> = new Map<string, Port>([
  ...each(schemas, portInner),
  ...each(schemaLists, (value, place) =>
    listAt(value, place).map((item, index) => portInner(item, `${place}[${index}]`)),
  ),
  ...each(schemaMaps, (value, place) => mapEntries(value, place, portInner)),
  ...each(numbers, numberAt),
  ['items', (value, place) => (isList(value) ? value.map((item) => portInner(item, place)) : portInner(value, place))],
  [
    'dependencies',
    (value, place) => mapEntries(value, place, (item) => (isList(item) ? item : portInner(item, place))),
  ],
  ['dependentRequired', (value, place) => mapEntries(value, place, namesAt)],
  ['enum', listAt],
  ['pattern', patternAt],
  ['required', namesAt],
  ['type', typeAt],
  ['$ref', textAt],
  // The validator ignores it, and data would pass unchecked.
  ['$dynamicRef', refuse],
])

/**
 * Copies a JSON Schema so that the validator can use it: each keyword has the type that it should have, and each pattern
 * compiles with the `u` flag, which the validator always sets. Throws `SchemaProblem` otherwise.
 */
export function portSchema(schema: JsonSchema): JsonObject {
  if (isTooDeep(schema)) throw new SchemaProblem('it nests too deep')
  return portObject(schema, '')
}

function portInner(value: unknown, place: string): unknown {
  if (typeof value === 'boolean') return value
  if (!isJsonObject(value)) throw new SchemaProblem(`${place} must be a schema`)
  return portObject(value, place)
}

function portObject(schema: JsonObject | JsonSchema, place: string): JsonObject {
  const ported: JsonObject = {}
  for (const [key, value] of Object.entries(schema)) {
    if (value === undefined) continue
    const inner = place === '' ? key : `${place}.${key}`
    ported[key] = keywords.get(key)?.(value, inner) ?? value
  }
  const patterns = ported['patternProperties']
  if (isJsonObject(patterns)) {
    ported['patternProperties'] = Object.fromEntries(
      Object.entries(patterns).map(([pattern, inner]) => [patternAt(pattern, `${place}.patternProperties`), inner]),
    )
  }
  return ported
}

function each(names: string, port: Port): [string, Port][] {
  return names.split(' ').map((name) => [name, port])
}

function mapEntries(value: unknown, place: string, port: Port): JsonObject {
  if (!isJsonObject(value)) throw new SchemaProblem(`${place} must be an object`)
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      if (/\p{Surrogate}/u.test(name)) throw new SchemaProblem(`${place} holds a name that is not well-formed text`)
      return [name, port(inner, `${place}.${name}`)]
    }),
  )
}

function listAt(value: unknown, place: string): readonly unknown[] {
  if (isList(value)) return value
  throw new SchemaProblem(`${place} must be a list`)
}

function namesAt(value: unknown, place: string): readonly unknown[] {
  const names = listAt(value, place)
  if (names.every((name) => typeof name === 'string')) return names
  throw new SchemaProblem(`${place} must be a list of names`)
}

function typeAt(value: unknown, place: string): unknown {
  const unknown = [value].flat().find((name) => typeof name !== 'string' || !types.includes(name))
  if (unknown === undefined) return value
  throw new SchemaProblem(`${place} must be one of ${types.join(', ')}, got ${JSON.stringify(unknown)}`)
}

function numberAt(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value
  throw new SchemaProblem(`${place} must be a number`)
}

function refuse(_value: unknown, place: string): never {
  throw new SchemaProblem(`${place} is unsupported; use $ref`)
}

function textAt(value: unknown, place: string): string {
  if (typeof value === 'string') return value
  throw new SchemaProblem(`${place} must be text`)
}

function patternAt(value: unknown, place: string): string {
  const pattern = textAt(value, place)
  const ported = portPattern(pattern)
  if (ported === undefined) throw new SchemaProblem(`${place}: "${pattern}" is not a regular expression`)
  return ported
}

/**
 * Returns a regular expression that compiles with the `u` flag and means the same as the given one does with it, or else
 * without it: `\/` and `[\w-.]` are common in schemas of other languages. Returns undefined if that is not possible.
 */
function portPattern(pattern: string): string | undefined {
  if (compiles(pattern, 'u')) return pattern
  if (!compiles(pattern, '')) return undefined
  const ported = rewrite(pattern)
  return compiles(ported, 'u') ? ported : undefined
}

function compiles(pattern: string, flags: string): boolean {
  try {
    return new RegExp(pattern, flags) instanceof RegExp
  } catch {
    return false
  }
}

// Whatever may follow a backslash with the `u` flag; any other character needs none there.
const escapable = /[\^$\\.*+?()[\]{}|/dDwWsSbBfnrtv0-9cxupPk]/

/** Removes needless backslashes, and escapes the brackets, braces and dashes that only the older grammar takes as text. */
function rewrite(pattern: string): string {
  let ported = ''
  let inClass = false
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? ''
    const next = pattern[index + 1] ?? ''
    if (character === '\\') {
      index += 1
      ported += escapable.test(next) || (inClass && next === '-') ? `\\${next}` : escapeText(next, inClass)
    } else if (inClass) {
      inClass = character !== ']'
      ported += character === '-' && isBesideClass(pattern, index) ? '\\-' : character
    } else if (character === '[') {
      inClass = true
      ported += character
    } else if (character === '{') {
      ported += /^\{\d+(,\d*)?\}/.test(pattern.slice(index, index + 24)) ? character : '\\{'
    } else if (character === '}') {
      ported += /\{\d+(,\d*)?$/.test(pattern.slice(Math.max(0, index - 24), index)) ? character : '\\}'
    } else ported += character === ']' ? '\\]' : character
  }
  return ported
}

function escapeText(character: string, inClass: boolean): string {
  return inClass && character === '-' ? '\\-' : character
}

/** A dash beside a class such as `\w` is text in the older grammar. */
function isBesideClass(pattern: string, index: number): boolean {
  return (
    /\\[dDwWsS]$/.test(pattern.slice(Math.max(0, index - 2), index)) || /^\\[dDwWsS]/.test(pattern.slice(index + 1))
  )
}
