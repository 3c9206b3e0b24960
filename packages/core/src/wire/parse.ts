import { DualscopeError } from '../errors.ts'

// Answers nest about ten deep. Each level costs memory to parse, and stack to whoever walks it.
const deepest = 200

/** Text that should be JSON; undefined where it is not, or nested beyond all measure. */
export function parseJson(text: string): unknown {
  try {
    return nestsDeeper(text) ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const [quote, backslash, ...brackets] = ['"', '\\', '[', '{', ']', '}'].map((character) => character.charCodeAt(0))

/** Whether brackets outside of strings nest deeper than they may; looked at before anything is made of them. */
function nestsDeeper(text: string): boolean {
  if (text.length <= deepest) return false
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (inString) {
      if (character === backslash) index += 1
      else if (character === quote) inString = false
    } else if (character === quote) inString = true
    else {
      const bracket = brackets.indexOf(character)
      if (bracket >= 0) depth += bracket < 2 ? 1 : -1
      if (depth > deepest) return true
    }
  }
  return false
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
