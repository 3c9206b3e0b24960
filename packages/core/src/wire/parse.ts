import type { $ZodType, output } from 'zod/v4/core'

import { DualscopeError } from '../errors.ts'
import { shortened } from '../shortened.ts'

// Answers nest about ten deep. Each level costs memory to parse, and stack to whoever walks it.
const deepest = 200
// What is no longer than this, as hardly any message is, cannot nest deep enough to hurt.
const harmless = 2_000

/** Text that should be JSON; undefined where it is not, or nested beyond all measure. */
export function parseJson(text: string): unknown {
  try {
    return nestsDeeper(text) ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The data of an event, which should be JSON; what is none is a `protocol` error. */
export function parseEvent(data: string): unknown {
  const body = parseJson(data)
  if (body === undefined) throw new DualscopeError('protocol', `An event is no JSON: ${shortened(data, 200)}`)
  return body
}

const [quote, backslash, ...brackets] = ['"', '\\', '[', '{', ']', '}'].map((character) => character.charCodeAt(0))

/** Whether brackets outside of strings nest deeper than they may; looked at before anything is made of them. */
function nestsDeeper(text: string): boolean {
  // Where there are fewer brackets than levels, which is in every honest message, the search for them says enough.
  if (text.length <= harmless || !holdsMore(text, ['[', '{'], deepest)) return false
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

function holdsMore(text: string, characters: readonly string[], limit: number): boolean {
  let count = 0
  for (const character of characters) {
    for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) {
      count += 1
      if (count > limit) return true
    }
  }
  return false
}

/**
 * Reads messages of the service in the shape that a zod type gives them; any other shape is a `protocol` error that says
 * where.
 */
export function wireReader<S extends $ZodType>(schema: S): (value: unknown) => output<S> {
  return (value) => {
    const checked = schema['~standard'].validate(value)
    if (checked instanceof Promise) throw new TypeError('wireReader: a wire schema does not wait for anything')
    if (!checked.issues) return checked.value
    throw unknownShape(value, (checked.issues[0]?.path ?? []).map(String).join('.'))
  }
}

/** The `protocol` error for a message of the service with something else than it should have at a place in it. */
export function unknownShape(value: unknown, place: string): DualscopeError {
  const text = JSON.stringify(value) ?? String(value)
  const where = place && ` at ${place}`
  return new DualscopeError('protocol', `The answer has an unknown shape${where}: ${shortened(text, 200)}`)
}
