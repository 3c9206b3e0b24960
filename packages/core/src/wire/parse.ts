import { DualscopeError } from '../errors.ts'

/** Text that should be JSON; undefined where it is not. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What zod and zod/mini types have in common here. */
interface WireSchema<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } }
}

/** A message of the service in the shape that is read of it; any other shape is a `protocol` error. */
export function parseWire<T>(schema: WireSchema<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = issue?.path.length ? ` at ${issue.path.map(String).join('.')}` : ''
  throw new DualscopeError('protocol', `The answer has an unknown shape${where}: ${describe(value)}`)
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}
