import leven from 'leven'
import * as z from 'zod/mini'

const port = 'a port from 0 to 65535'
const status = 'an HTTP status, 200 to 599'
const retryAfter = 'a number of seconds, 0 or more, or a valid Date'

/** Schemas of options. The message of each names the expected value, such as 'a number of ms, 0 or more'. */
export const expects = {
  flag: z.boolean('true or false'),
  text: z.string('a text'),
  texts: z.union([z.string(), z.array(z.string())], 'a text or a list of texts'),
  callback: z.custom((value) => typeof value === 'function', 'a function'),
  /** A whole number from `least` on. */
  count: (least: number, unit: string) => {
    const words = `a whole number of ${unit}, ${least} or more`
    return z.int(words).check(z.gte(least, words))
  },
  port: z.int(port).check(z.gte(0, port), z.lte(65_535, port)),
  status: z.int(status).check(z.gte(200, status), z.lte(599, status)),
  retryAfter: z.union([z.number().check(z.gte(0, retryAfter)), z.date()], retryAfter),
  milliseconds: z.number('a number of ms, 0 or more').check(z.gte(0, 'a number of ms, 0 or more')),
} as const

/** Creates a schema that refuses other names, and suggests the nearest one. */
export function optionsSchema<T extends z.core.$ZodShape>(shape: T): z.ZodMiniObject<T, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? explainName(issue.keys[0] ?? '', Object.keys(shape)) : 'an object',
  })
}

/** Throws a `TypeError` with the function, the place, the limit and the value, or with a suggestion for an unknown name. */
export function checkOptions(schema: z.ZodMiniType, value: unknown, place: string): void {
  const issue = schema.safeParse(value).error?.issues[0]
  if (!issue) return
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const path = formatPath(unknown === undefined ? issue.path : [...issue.path, unknown])
  const text =
    unknown === undefined ? `must be ${issue.message}, got ${show(valueAt(value, issue.path))}` : issue.message
  throw new TypeError([place, path, text].filter(Boolean).join(': '))
}

function explainName(name: string, known: readonly string[]): string {
  const [best] = known
    .map((candidate) => ({ candidate, distance: leven(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
  const close = best && best.distance <= Math.min(2, name.length / 3)
  return close ? `unknown; did you mean ${best.candidate}?` : `unknown; it can be ${known.join(', ')}`
}

function formatPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`))
    .join('')
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value: unknown = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = Reflect.get(value, key)
  }
  return value
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
