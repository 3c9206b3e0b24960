import type { $ZodType, $ZodTypes } from 'zod/v4/core'

/**
 * A zod type as the source of a TypeScript module that needs no zod: its `misplaced(value)` gives undefined for what zod
 * would take as it is, else the place of what does not fit ('choices.0.delta', '' for the value itself). It knows the
 * types that wire schemas are made of, and throws for others.
 */
export function compileGuard(name: string, schema: $ZodType): string {
  const functions = new Map<$ZodType, { name: string; code: string }>()

  /** The name of the function for a type of objects; it is written when it is first needed. */
  function functionFor(type: $ZodType, shape: Readonly<Record<string, $ZodType>>, hint: string): string {
    const written = functions.get(type)
    if (written) return written.name
    const taken = [...functions.values()].some((other) => other.name === `misplacedIn${hint}`)
    const own = { name: `misplacedIn${hint}${taken ? functions.size : ''}`, code: '' }
    functions.set(type, own)
    const fields = Object.entries(shape).filter(([, field]) => misfit(field, '') !== 'false')
    own.code = `function ${own.name}(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { ${fields.map(([key]) => `${key}: ${variableOf(key)}`).join(', ')} } = value
  ${fields.map(([key, field]) => statement(key, field)).join('\n  ')}
  return undefined
}`
    return own.name
  }

  /** Ends a function early where a field does not fit. */
  function statement(key: string, type: $ZodType): string {
    const value = variableOf(key)
    const wrong = misfit(type, value)
    if (wrong !== undefined) return `if (${wrong}) return '${key}'`
    const place = `in${pascalCase(key)}`
    return `const ${place} = ${placeIn(type, value, pascalCase(key))}
  if (${place} !== undefined) return within('${key}', ${place})`
  }

  /** An expression for the place in a value that has parts. */
  function placeIn(type: $ZodType, value: string, hint: string): string {
    const { inner, absent } = unwrapped(type)
    if (absent) return `${value} ${absent} ? undefined : ${placeIn(inner, value, hint)}`
    const def = definition(type)
    switch (def.type) {
      case 'object':
        return `${functionFor(type, def.shape, hint)}(${value})`
      case 'array': {
        const { element } = def
        const item = definition(element)
        const look = item.type === 'object' ? functionFor(element, item.shape, hint) : undefined
        return `misplacedItem(${value}, ${look ?? `(item) => (${placeIn(element, 'item', hint)})`})`
      }
      case 'union': {
        const [parts, ...others] = def.options.filter((option) => misfit(option, value) === undefined)
        if (!parts || others.length > 0) throw new TypeError('compileGuard: no code for a union of several structures')
        const simple = def.options.flatMap((option) => misfit(option, value) ?? [])
        return `${simple.join(' && ')} ? ${placeIn(parts, value, hint)} : undefined`
      }
      default:
        return `${misfit(type, value) ?? ''} ? '' : undefined`
    }
  }

  const entry = `/** Where a value is not of the schema \`${name}\`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  return ${placeIn(schema, 'value', pascalCase(name))}
}`
  return `${[entry, ...[...functions.values()].map(({ code }) => code), helpers].join('\n\n')}\n`
}

/** A condition that holds for what does not fit a type without parts; undefined for a type with parts. */
function misfit(type: $ZodType, value: string): string | undefined {
  const { inner, absent } = unwrapped(type)
  if (absent) {
    const wrong = misfit(inner, value)
    return wrong === undefined || wrong === 'false' ? wrong : `${value} ${absent.replace('=', '!')} && ${wrong}`
  }
  const def = definition(type)
  if ('checks' in def && def.checks?.length) throw new TypeError(`compileGuard: no code for checks of a ${def.type}`)
  switch (def.type) {
    case 'unknown':
      return 'false'
    case 'string':
      return `typeof ${value} !== 'string'`
    case 'number':
      return `!Number.isFinite(${value})`
    case 'object':
      if (def.catchall) throw new TypeError('compileGuard: no code for an object that knows all its keys')
      return undefined
    case 'array':
    case 'union':
      return undefined
    default:
      throw new TypeError(`compileGuard: no code for "${def.type}"`)
  }
}

/** A type without what makes it optional or nullable, and the comparison that tells that nothing is there. */
function unwrapped(type: $ZodType): { inner: $ZodType; absent: string } {
  const def = definition(type)
  if (def.type !== 'optional' && def.type !== 'nullable') return { inner: type, absent: '' }
  const { inner, absent } = unwrapped(def.innerType)
  const own = def.type === 'optional' ? '=== undefined' : '=== null'
  return { inner, absent: absent && absent !== own ? '== null' : own }
}

/** A type's definition, as one of the union of all that zod has: which, its `type` says. */
function definition(type: $ZodType): $ZodTypes['_zod']['def'] {
  return (type as $ZodTypes)._zod.def
}

function pascalCase(key: string): string {
  return key.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** Of two words at the least, or it might be one of the language's own. */
function variableOf(key: string): string {
  return `the${pascalCase(key)}`
}

const helpers = `/** The place of the first item of a list that does not fit. */
function misplacedItem(items: unknown, look: (item: unknown) => string | undefined): string | undefined {
  if (!Array.isArray(items)) return ''
  for (let index = 0; index < items.length; index += 1) {
    const place = look(items[index])
    if (place !== undefined) return within(String(index), place)
  }
  return undefined
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function within(place: string, inner: string): string {
  return inner === '' ? place : \`\${place}.\${inner}\`
}`
