/** The keywords of a JSON Schema that a sample needs. */
interface Schema {
  readonly [key: string]: unknown
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The most items in all arrays of a sample, so that a schema with a huge `minItems` takes no memory. */
const mostItems = 10_000

function bounded(schema: Schema, fallback: number): number {
  const { minimum, exclusiveMinimum, maximum } = schema
  if (typeof minimum === 'number') return minimum
  if (typeof exclusiveMinimum === 'number') return exclusiveMinimum + 1
  return typeof maximum === 'number' && maximum < fallback ? maximum : fallback
}

function typeOf(schema: Schema): unknown {
  return Array.isArray(schema['type']) ? schema['type'][0] : schema['type']
}

function firstOf(schema: Schema): unknown {
  for (const key of ['anyOf', 'oneOf', 'allOf']) {
    const list = schema[key]
    if (Array.isArray(list) && list.length > 0) return list[0]
  }
  return undefined
}

/**
 * Creates a value for a simple JSON Schema: properties, items, enums, constants and ranges. `text` is the value of every
 * string.
 */
export function sampleJson(schema: unknown, text: string): unknown {
  let itemsLeft = mostItems

  function sampleList({ minItems, items }: Schema): unknown[] {
    const least = typeof minItems === 'number' ? minItems : 1
    const list: unknown[] = []
    while (list.length < least && itemsLeft > 0) {
      itemsLeft -= 1
      list.push(sample(items))
    }
    return list
  }

  function sample(schema: unknown): unknown {
    if (!isSchema(schema)) return text
    if ('const' in schema) return schema['const']
    if ('default' in schema) return schema['default']
    if (Array.isArray(schema['enum'])) return schema['enum'][0]
    const alternative = firstOf(schema)
    if (alternative !== undefined) return sample(alternative)
    switch (typeOf(schema)) {
      case 'object': {
        const properties = isSchema(schema['properties']) ? schema['properties'] : {}
        return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, sample(value)]))
      }
      case 'array':
        return sampleList(schema)
      case 'integer':
        return Math.ceil(bounded(schema, 1))
      case 'number':
        return bounded(schema, 1)
      case 'boolean':
        return true
      case 'null':
        return null
      default:
        return text
    }
  }

  return sample(schema)
}
