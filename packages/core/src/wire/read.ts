import type { $ZodType, output } from 'zod/v4/core'

import { DualscopeError } from '../errors.ts'
import { shortened } from '../shortened.ts'

// Answers nest about ten deep. Each level costs memory to parse, and stack to whoever walks it.
const deepest = 200
// Whatever this opens, it is parsed within some sixty megabytes and without stack.
const parsedAnyway = 1024 * 1024

/** Text that should be JSON; undefined where it is not, or nested beyond all measure. */
export function parseJson(text: string): unknown {
  const value = parsed(text)
  return nestsTooDeep(value) ? undefined : value
}

/**
 * The data of an event, which should be JSON; what is none is a `protocol` error. How deep it nests is not looked at for each
 * frame: whoever takes something out of it that its wire leaves open asks `nestsTooDeep`.
 */
export function parseEvent(data: string): unknown {
  const body = parsed(data)
  if (body === undefined) throw new DualscopeError('protocol', `An event is no JSON: ${shortened(data, 200)}`)
  return body
}

/** Whether a value of JSON nests beyond all measure, which is 200 levels unless told otherwise. */
export function nestsTooDeep(value: unknown, levels = deepest): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const within: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return within.some((inner) => nestsTooDeep(inner, levels - 1))
}

/** A value of JSON as text again; of one that nests too deep there is a `protocol` error instead. */
export function writeJson(value: unknown): string {
  if (nestsTooDeep(value)) throw new DualscopeError('protocol', 'The answer nests too deep')
  return JSON.stringify(value) ?? String(value)
}

function parsed(text: string): unknown {
  if (text.length > parsedAnyway && opensTooMany(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Whether brackets outside of strings nest beyond all measure; looked at before anything is made of them. */
function opensTooMany(text: string): boolean {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length && depth <= deepest; index += 1) {
    const character = text[index]
    if (character === '"') inString = !inString
    else if (inString) index += character === '\\' ? 1 : 0
    else if (character === '[' || character === '{') depth += 1
    else if (character === ']' || character === '}') depth -= 1
  }
  return depth > deepest
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
  const where = place && ` at ${place}`
  return new DualscopeError('protocol', `The answer has an unknown shape${where}: ${shortened(writeJson(value), 200)}`)
}
