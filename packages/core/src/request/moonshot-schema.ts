import { DualscopeError } from '../errors.ts'
import { formatPath, isJsonObject, isList, type JsonSchema } from '../json.ts'
import type { PreparedTool } from './prepared.ts'

// "Moonshot Flavored JSON Schema" (github.com/MoonshotAI/walle, docs/mfjs-spec.md). The running validator accepts more than
// that document, by tests of others (vercel/ai 18921, opencodex 2677, kimi-cli 2531; May to September 2026). Only schemas that
// it is reported to refuse are changed here.

/** Whether Moonshot serves a model. It refuses tools that the models of Model Studio itself accept. */
export function isServedByMoonshot(model: string): boolean {
  return model.startsWith('kimi/')
}

/**
 * Rewrites a tool for a model that Moonshot serves, where the same meaning has a form that it accepts. Throws `validation`
 * with the place for the rest.
 */
export function toMoonshotTool({ name, description, parameters }: PreparedTool, index: number): PreparedTool {
  if (!/^[A-Za-z_]/.test(name)) {
    refuse(`tools[${index}].name`, `must begin with a letter or an underscore for models of Moonshot, got "${name}"`)
  }
  const root = renameDefinitions(parameters)
  const context: Context = { root, base: ['tools', index, 'input'], inlined: 0 }
  if ('anyOf' in root) {
    // Its validator demands a type at the root, and refuses a type beside anyOf (Lingtai-AI/lingtai-kernel 1408).
    refuse(formatPath(context.base), 'must not be a union for models of Moonshot; put the union into a property')
  }
  return { name, description, parameters: rewriteObject(root, [], context) }
}

interface Context {
  root: JsonSchema
  base: readonly PropertyKey[]
  /** How many references were replaced by their target, which bounds the work. */
  inlined: number
}

const mostInlined = 1000
const maps = ['properties', 'patternProperties', '$defs', 'dependentSchemas']
const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const singles = ['items', 'contains', 'propertyNames', 'not', 'if', 'then', 'else']

function rewrite(schema: unknown, path: readonly PropertyKey[], context: Context): unknown {
  if (schema === true) return {}
  if (schema === false) return refuseAt(path, context, 'must not be false for models of Moonshot; leave it out')
  return isJsonObject(schema) ? rewriteObject(schema, path, context) : schema
}

function rewriteObject(schema: JsonSchema, path: readonly PropertyKey[], context: Context): JsonSchema {
  const rewritten: Record<string, unknown> = {
    ...moveType(boundTuple(resolveReference(schema, path, context)), path, context),
  }
  for (const key of singles) {
    if (key in rewritten) rewritten[key] = rewrite(rewritten[key], [...path, key], context)
  }
  // Its booleans are accepted.
  if (isJsonObject(rewritten['additionalProperties'])) {
    rewritten['additionalProperties'] = rewrite(
      rewritten['additionalProperties'],
      [...path, 'additionalProperties'],
      context,
    )
  }
  for (const key of lists) {
    const list = rewritten[key]
    if (isList(list)) rewritten[key] = list.map((item, place) => rewrite(item, [...path, key, place], context))
  }
  for (const key of maps) {
    const map = rewritten[key]
    if (!isJsonObject(map)) continue
    rewritten[key] = Object.fromEntries(
      Object.entries(map).map(([name, item]) => [name, rewrite(item, [...path, key, name], context)]),
    )
  }
  return rewritten
}

/** Definitions of draft 7 become those of 2020-12: "references must start with #/$defs/". */
function renameDefinitions(schema: JsonSchema): JsonSchema {
  const { definitions, $defs, ...others } = schema
  return isJsonObject(definitions)
    ? { ...others, $defs: { ...definitions, ...(isJsonObject($defs) && $defs) } }
    : schema
}

/** Items behind a tuple are refused as `false`, and a list in `items` too ("items must be an object"). */
function boundTuple(schema: JsonSchema): JsonSchema {
  const { items, ...others } = schema
  const { prefixItems, maxItems } = others
  if (isList(items)) {
    const { additionalItems, ...tuple } = others
    return boundTuple({
      ...tuple,
      prefixItems: items,
      ...(additionalItems !== undefined && { items: additionalItems }),
    })
  }
  if (items === true) return others
  if (items !== false) return schema
  const length = isList(prefixItems) ? prefixItems.length : 0
  return { ...others, maxItems: typeof maxItems === 'number' ? Math.min(maxItems, length) : length }
}

/** "when using anyOf, type should be defined in anyOf items instead of the parent schema" */
function moveType(schema: JsonSchema, path: readonly PropertyKey[], context: Context): JsonSchema {
  const { type, ...others } = schema
  const { anyOf } = others
  if (type === undefined || !isList(anyOf)) return schema
  return {
    ...others,
    anyOf: anyOf.map((branch, place) => {
      if (branch === true) return { type }
      if (!isJsonObject(branch)) return branch
      const target = resolveReference(branch, [...path, 'anyOf', place], context, true)
      const common = commonTypes(type, target['type'])
      if (common !== undefined) return target['type'] === common ? branch : { ...target, type: common }
      const types = `type ${JSON.stringify(target['type'])}, which the type ${JSON.stringify(type)} around it excludes`
      return refuseAt([...path, 'anyOf', place], context, `has ${types}; leave it out`)
    }),
  }
}

/** Returns the types that both allow, as one name or a list, or undefined if there are none. */
function commonTypes(outer: unknown, inner: unknown): unknown {
  if (inner === undefined) return outer
  const allowed = isList(outer) ? outer : [outer]
  const types = isList(inner) ? inner : [inner]
  const common = types.filter((type) => allowed.includes(type) || (type === 'integer' && allowed.includes('number')))
  if (common.length === types.length) return inner
  return common.length > 1 ? common : common[0]
}

// Each applies to what its neighbours leave open, so that it means something else beside them.
const dependent = ['properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'anyOf']

/**
 * Replaces a reference by its target where other keywords are beside it ("when using $ref, type should be defined in the
 * referenced schema"), where it leads out of `$defs`, or `always`.
 */
function resolveReference(
  schema: JsonSchema,
  path: readonly PropertyKey[],
  context: Context,
  always: boolean = false,
): JsonSchema {
  const { $ref, ...siblings } = schema
  if (typeof $ref !== 'string') return schema
  const reference = $ref.replace(/^#\/definitions\//, '#/$defs/')
  const isAccepted = reference === '#' || reference.startsWith('#/$defs/')
  const isAlone = Object.keys(siblings).every((key) => key === 'description' || key === 'title')
  if (isAccepted && isAlone && !always) return { ...siblings, $ref: reference }

  context.inlined += 1
  const target = findTarget(context.root, reference)
  if (!target || context.inlined > mostInlined) {
    return refuseAt(
      path,
      context,
      `the reference "${$ref}" cannot be replaced by its target; put the target into $defs`,
    )
  }
  const conflict = Object.keys(siblings).find((key) => isConflict(key, siblings, target))
  if (conflict) {
    return refuseAt(path, context, `"${conflict}" beside the reference "${$ref}" is unsupported by models of Moonshot`)
  }
  return resolveReference({ ...target, ...siblings }, path, context, always)
}

function isConflict(key: string, siblings: JsonSchema, target: JsonSchema): boolean {
  if (key === 'description' || key === 'title' || key === 'default') return false
  if (dependent.includes(key)) return true
  return key in target && JSON.stringify(target[key]) !== JSON.stringify(siblings[key])
}

function findTarget(root: JsonSchema, reference: string): JsonSchema | undefined {
  if (!reference.startsWith('#')) return undefined
  let target: unknown = root
  for (const step of reference.split('/').slice(1)) {
    const key = decode(step)?.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof target !== 'object' || target === null || key === undefined || !Object.hasOwn(target, key))
      return undefined
    target = Reflect.get(target, key)
  }
  return isJsonObject(target) ? target : undefined
}

function decode(step: string): string | undefined {
  try {
    return decodeURIComponent(step)
  } catch {
    return undefined
  }
}

function refuseAt(path: readonly PropertyKey[], { base }: Context, reason: string): never {
  refuse(formatPath([...base, ...path]), reason)
}

function refuse(place: string, reason: string): never {
  throw new DualscopeError('validation', `${place}: ${reason}`)
}
