import leven from 'leven'
import type { $ZodIssue } from 'zod/v4/core'

import { classOf, formatPath } from '../json.ts'
import { truncate } from '../redact.ts'

/** The context of an issue. */
export interface IssueContext {
  /** The names that may be meant by an unknown one. */
  names: readonly string[]
  /** How the value as a whole is called. */
  root: string
  /** The advice for an unknown name at the top. */
  hint: string
  /** Explains an unknown name that belongs elsewhere. */
  explainKey: (key: string) => string | undefined
}

/** Writes an issue that zod found as a sentence: the place, the limit, and the value. */
export function explainIssue(
  issue: $ZodIssue,
  root: unknown,
  context: IssueContext,
  base: readonly PropertyKey[] = [],
): string {
  const path = [...base, ...issue.path]
  const value = show(valueAt(root, path))
  const explain = (text: string) => `${formatPath(path) || context.root}: ${text}`

  switch (issue.code) {
    case 'unrecognized_keys': {
      const key = issue.keys[0] ?? ''
      const place = formatPath([...path, truncate(key, 60)])
      const elsewhere = path.length === 0 ? context.explainKey(key) : undefined
      if (elsewhere) return `${place}: ${elsewhere}`
      const meant = suggestName(key, context.names)
      const hint = path.length === 0 ? context.hint : ''
      return `${place}: unknown${meant ? `; did you mean ${meant}?` : hint}`
    }
    case 'invalid_union': {
      const inner = deepest(issue.errors)
      if (inner && inner.path.length > 0) return explainIssue(inner, root, context, path)
      const kinds = issue.errors.flatMap(([first]) => (first ? [expectation(first)] : []))
      const options = 'options' in issue && Array.isArray(issue.options) ? [choice(issue.options)] : kinds
      return explain(
        value === 'undefined'
          ? `missing; it must be ${options.join(' or ')}`
          : `must be ${options.join(' or ')}, got ${value}`,
      )
    }
    default:
      if (issue.code === 'too_small' && issue.minimum === 1 && /^(string|array)$/.test(issue.origin))
        return explain('must not be empty')
      return explain(value === 'undefined' ? 'missing' : `must be ${expectation(issue)}, got ${value}`)
  }
}

function expectation(issue: $ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return size(issue.inclusive === false ? 'over' : 'at least', issue.minimum, issue.origin)
    case 'too_big':
      return size(issue.inclusive === false ? 'below' : 'at most', issue.maximum, issue.origin)
    case 'invalid_value':
      return choice(issue.values)
    case 'invalid_type':
      return issue.expected === 'int'
        ? 'a whole number'
        : `${/^[aeio]/i.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`
    case 'custom':
      return issue.message
    default:
      return 'something else'
  }
}

function size(bound: string, limit: number | bigint, origin: string): string {
  const units: Readonly<Record<string, string>> = { array: ' items long', string: ' characters long' }
  return `${bound} ${limit}${units[origin] ?? ''}`
}

function choice(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ')
}

/** The issue of the branch that got furthest: the one that was meant. */
function deepest(branches: readonly (readonly $ZodIssue[])[]): $ZodIssue | undefined {
  return branches
    .flatMap(([first]) => (first ? [first] : []))
    .toSorted((a, b) => depth(b) - depth(a))
    .at(0)
}

function depth(issue: $ZodIssue): number {
  const inner = issue.code === 'invalid_union' ? deepest(issue.errors) : undefined
  return issue.path.length + (inner ? depth(inner) : issue.code === 'unrecognized_keys' ? 1 : 0)
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

/** Writes a value for a message: short, and without what an object holds. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(truncate(value, 60))
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value instanceof Promise) return 'a promise; await it'
  if (typeof value !== 'object' || value === null) return truncate(String(value), 60)
  const kind = classOf(value)
  return kind === 'Object' ? 'an object' : `an object of class ${kind}`
}

/** Returns the other known name that a misspelt one probably means: in another case or `snake_case`, or one or two letters off. */
function suggestName(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .filter((candidate) => candidate !== name)
    .map((candidate) => ({ candidate, distance: leven(letters(name), letters(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best && best.distance <= Math.min(2, letters(name).length / 2.5) ? best.candidate : undefined
}

function letters(name: string): string {
  return name.replaceAll(/[^a-z]/gi, '').toLowerCase()
}
