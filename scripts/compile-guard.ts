import type { $ZodType, $ZodTypes } from 'zod/v4/core'

/**
 * A zod type as the source of a TypeScript module that needs no zod: its `misplaced(value)` gives undefined for what zod
 * would take as it is, else the place of what does not fit ('choices.0.delta', '' for the value itself). What the schema
 * leaves open must not nest too deep. It knows the types that wire schemas are made of, and throws for others.
 */
export function compileGuard(name: string, schema: $ZodType): string {
  const functions = new Map<$ZodType, { name: string; code: string }>()

  /** The code that looks at a value, and at the objects within it, which stand at a place known beforehand. */
  function look(type: $ZodType, value: string, place: string): string {
    const wrong = misfit(type, value)
    if (wrong !== undefined) return `if (${wrong}) return '${place}'`
    const { inner, absent } = unwrapped(type)
    if (absent) return `if (${value} ${absent.replace('=', '!')}) {\n${look(inner, value, place)}\n}`
    const def = definition(type)
    if (def.type === 'object') return lookAtFields(def.shape, value, place)
    if (def.type === 'array') return lookAtItems(def.element, value, place)
    if (def.type !== 'union') throw new TypeError(`compileGuard: no code for "${def.type}"`)
    const [parts, ...others] = def.options.filter((option) => misfit(option, value) === undefined)
    if (!parts || others.length > 0) throw new TypeError('compileGuard: no code for a union of several structures')
    const simple = def.options.flatMap((option) => misfit(option, value) ?? [])
    return `if (${simple.join(' && ')}) {\n${look(parts, value, place)}\n}`
  }

  function lookAtFields(shape: Readonly<Record<string, $ZodType>>, value: string, place: string): string {
    const within = place === '' ? '' : `${place}.`
    const fields = Object.entries(shape).map(([key, field]) => {
      const property = `${value}['${key}']`
      // What has no parts is looked at where it stands: a name for each would be half of the code.
      if (misfit(field, '') !== undefined) return look(field, property, within + key)
      const variable = variableOf(within + key)
      return `const ${variable} = ${property}\n${look(field, variable, within + key)}`
    })
    return [`if (!isJsonObject(${value})) return '${place}'`, ...fields].join('\n')
  }

  function lookAtItems(element: $ZodType, value: string, place: string): string {
    return `if (!Array.isArray(${value})) return '${place}'
for (let index = 0; index < ${value}.length; index += 1) {
const inner = ${functionFor(element, place)}(${value}[index])
if (inner !== undefined) return within('${place}', index, inner)
}`
  }

  /** The name of the function that looks at items of a type; it is written when it is first needed. */
  function functionFor(element: $ZodType, place: string): string {
    const written = functions.get(element)
    if (written) return written.name
    const own = { name: `misplacedIn${pascalCase(place)}`, code: '' }
    functions.set(element, own)
    own.code = `function ${own.name}(value: unknown): string | undefined {\n${look(element, 'value', '')}\nreturn undefined\n}`
    return own.name
  }

  const entry = `/** Where a value is not of the schema \`${name}\`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
${look(schema, 'value', '')}
return undefined
}`
  const code = [entry, ...[...functions.values()].map((each) => each.code)].join('\n\n')
  const imported = ['isJsonObject', 'nestsTooDeep'].filter((helper) => code.includes(`${helper}(`))
  const imports = `import { ${imported.join(', ')} } from '@dualscope/core/wire'`
  const used = Object.entries(helpers).flatMap(([helper, text]) => (code.includes(`${helper}(`) ? text : []))
  return `${[imports, code, ...used].join('\n\n')}\n`
}

/** What the compiled code calls. */
const helpers = {
  noText: `function noText(value: unknown): boolean {
return value != null && typeof value !== 'string'
}`,
  noNumber: `function noNumber(value: unknown): boolean {
return value != null && !Number.isFinite(value)
}`,
  within: `function within(list: string, index: number, inner: string): string {
return \`\${list}.\${index}\${inner && '.'}\${inner}\`
}`,
}

/** The helpers for types that may be missing or null, as nearly all fields may. */
const nullish: Partial<Record<string, keyof typeof helpers>> = { string: 'noText', number: 'noNumber' }

/** A condition that holds for what does not fit a type without parts; undefined for a type with parts. */
function misfit(type: $ZodType, value: string): string | undefined {
  const { inner, absent } = unwrapped(type)
  if (absent) {
    const wrong = misfit(inner, value)
    // What is missing nests nothing.
    if (wrong === undefined || definition(inner).type === 'unknown') return wrong
    const helper = absent === '== null' ? nullish[definition(inner).type] : undefined
    return helper ? `${helper}(${value})` : `${value} ${absent.replace('=', '!')} && ${wrong}`
  }
  const def = definition(type)
  if ('checks' in def && def.checks?.length) throw new TypeError(`compileGuard: no code for checks of a ${def.type}`)
  switch (def.type) {
    case 'unknown':
      return `nestsTooDeep(${value})`
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

/** A name for what stands at a place; of two words at the least, or it might be one of the language's own. */
function variableOf(place: string): string {
  return `the${pascalCase(place)}`
}

function pascalCase(place: string): string {
  return place.replaceAll(/(?:^|[_.])(\w)/g, (_, letter: string) => letter.toUpperCase())
}
