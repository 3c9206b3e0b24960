import { DualscopeError } from '@dualscope/core'
import leven from 'leven'
import type * as z from 'zod/mini'

/** Throws `configuration` for an unknown or malformed option, with a suggestion for its name. */
export function checkOptions(owner: string, schema: z.ZodMiniObject, options: unknown): void {
  const issue = schema.safeParse(options).error?.issues[0]
  if (!issue) return
  throw new DualscopeError('configuration', `${owner}: ${explain(issue, Object.keys(schema.shape))}`)
}

function explain(issue: z.core.$ZodIssue, names: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const [nearest] = names.filter((name) => leven(name, key) <= 3).toSorted((a, b) => leven(a, key) - leven(b, key))
    return `${key}: unknown; ${nearest === undefined ? `it can be ${names.join(', ')}` : `did you mean ${nearest}?`}`
  }
  const place = issue.path.length > 0 ? issue.path.join('.') : 'the options'
  return `${place}: ${issue.message}`
}
