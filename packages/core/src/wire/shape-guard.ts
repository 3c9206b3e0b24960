import { isJsonObject } from '../json.ts'
import type { $ZodType, $ZodTypes, output } from 'zod/v4/core'

type Check = (value: unknown) => boolean

/**
 * A zod type as a function that only looks: for the types that wire schemas are made of it accepts what zod accepts and
 * copies nothing, at a fraction of the cost, which counts where every delta of a stream is checked.
 */
export function shapeGuard<S extends $ZodType>(schema: S): (value: unknown) => value is output<S> {
  const check = checkOf(schema)
  return (value): value is output<S> => check(value)
}

function checkOf(schema: $ZodType): Check {
  // zod's own union of all its types, which a schema is by its `def.type`.
  const { def } = (schema as $ZodTypes)._zod
  switch (def.type) {
    case 'unknown':
      return () => true
    case 'string':
      return (value) => typeof value === 'string'
    case 'number':
      return Number.isFinite
    case 'optional': {
      const inner = checkOf(def.innerType)
      return (value) => value === undefined || inner(value)
    }
    case 'nullable': {
      const inner = checkOf(def.innerType)
      return (value) => value === null || inner(value)
    }
    case 'array': {
      const element = checkOf(def.element)
      return (value) => Array.isArray(value) && value.every(element)
    }
    case 'union': {
      const options = def.options.map(checkOf)
      return (value) => options.some((option) => option(value))
    }
    case 'object':
      return objectCheck(Object.entries(def.shape).map(([key, inner]) => [key, checkOf(inner)]))
    default:
      throw new TypeError(`shapeGuard: a wire schema has no use for "${def.type}"`)
  }
}

function objectCheck(fields: readonly (readonly [string, Check])[]): Check {
  const keys = fields.map(([key]) => key)
  const checks = fields.map(([, check]) => check)
  return (value) => {
    if (!isJsonObject(value)) return false
    for (let index = 0; index < keys.length; index += 1) {
      if (!checks[index]?.(value[keys[index] ?? ''])) return false
    }
    return true
  }
}
