/** A JSON object of unknown content. */
export type JsonObject = Record<string, unknown>

/** A JSON Schema as a plain object. */
export type JsonSchema = Readonly<Record<string, unknown>>

// Answers nest about ten deep. Each level costs memory to parse and stack to walk.
const deepest = 200
// A text of this length parses within some sixty megabytes, whatever it holds.
const parsedUnseen = 1024 * 1024
// An empty list takes 30 times its text in memory; an answer has a few million values at most.
const mostValues = 4 * 1024 * 1024

/** Whether a value is an array. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

/** Whether a value is an object with keys: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Parses text as JSON. Returns undefined if it is not JSON or nests deeper than 200 levels. */
export function parseJson(text: string): unknown {
  const value = parseShallow(text)
  return isTooDeep(value) ? undefined : value
}

/**
 * Parses text as JSON like `parseJson`, without walking the value. Check free-form fields of it with `isTooDeep`.
 */
export function parseShallow(text: string): unknown {
  if (text.length > parsedUnseen && isTooLarge(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether a JSON value nests deeper than `levels`. @default 200 levels */
export function isTooDeep(value: unknown, levels: number = deepest): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const inner: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return inner.some((item) => isTooDeep(item, levels - 1))
}

/** Whether brackets nest too deep, or values are too many, which is checked before any memory is spent on them. */
function isTooLarge(text: string): boolean {
  let depth = 0
  let values = 0
  let inString = false
  for (let index = 0; index < text.length && depth <= deepest && values <= mostValues; index += 1) {
    const character = text[index]
    if (character === '"') inString = !inString
    else if (inString) index += character === '\\' ? 1 : 0
    else if (character === '[' || character === '{') {
      depth += 1
      values += 1
    } else if (character === ']' || character === '}') depth -= 1
    else if (character === ',') values += 1
  }
  return depth > deepest || values > mostValues
}

/** Whether JSON keeps what an object holds: it writes a Map, a promise or an error as `{}`, and bytes as an object of numbers. */
export function isWrittenWhole(value: object): boolean {
  if (ArrayBuffer.isView(value)) return false
  return isList(value) || Object.keys(value).length > 0 || classOf(value) === 'Object'
}

/** Returns the name of an object's class as the language knows it: `Map`, `Date`; `Object` for the caller's own. */
export function classOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** Formats a path as it is written in code: `messages[0].content`. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('')
}

/**
 * Says what in a value cannot be written as JSON and where, or would silently become something else; undefined if all of it can.
 */
export function explainNonJson(value: unknown, place: string, levels: number = deepest): string | undefined {
  if (value === undefined || value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') {
    return Number.isFinite(value) ? undefined : `${place}: must be a finite number, got ${value}`
  }
  if (typeof value !== 'object') return `${place}: cannot be written as JSON, got a ${typeof value}`
  if (levels === 0) return `${place}: nests deeper than ${deepest} levels, or in a circle`
  if ('toJSON' in value && typeof value.toJSON === 'function') return undefined
  const entries: readonly [string | number, unknown][] = isList(value) ? [...value.entries()] : Object.entries(value)
  if (!isWrittenWhole(value)) return `${place}: cannot be written as JSON, got an object of class ${classOf(value)}`
  for (const [key, inner] of entries) {
    const problem = explainNonJson(inner, `${place}${typeof key === 'number' ? `[${key}]` : `.${key}`}`, levels - 1)
    if (problem) return problem
  }
  return undefined
}
