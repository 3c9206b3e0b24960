import type { SchemaType, StandardType } from '../chat/output.ts'
import { DualscopeError } from '../errors.ts'
import { isJsonObject, type JsonSchema } from '../json.ts'

/** Whether a schema is a type of a library rather than a JSON Schema. Those of `zod/mini` do not convert themselves. */
export function isSchemaType(schema: SchemaType | JsonSchema): schema is SchemaType {
  return isStandardType(schema) || '_zod' in schema
}

/** Whether a schema is a type that both validates and converts itself. */
export function isStandardType(schema: SchemaType | JsonSchema): schema is StandardType {
  const standard = standardOf(schema)
  return typeof standard?.['validate'] === 'function' && isJsonObject(standard['jsonSchema'])
}

/**
 * Throws `validation` unless a value is a type that can be sent and checked, or a plain object that can be a JSON Schema. A
 * type of another kind would be sent with its internals, and would check nothing.
 */
export function assertSchema(schema: unknown, place: string): void {
  const reason = explainSchema(schema)
  if (reason) throw new DualscopeError('validation', `${place}: ${reason}`)
}

function explainSchema(schema: unknown): string | undefined {
  // The types of arktype are functions.
  if (!isJsonObject(schema) && typeof schema !== 'function')
    return 'must be a type of a schema library or a JSON Schema'
  const type = schema as SchemaType | JsonSchema
  if (isSchemaType(type)) return undefined
  if ('_def' in schema) return "is a zod 3 type; use zod 4, which zod 3.25 has as 'zod/v4'"
  const standard = standardOf(schema)
  if (standard) return explainMissing(standard)
  if (!isPlain(schema)) return 'must be a type of a schema library or a plain JSON Schema object'
  const field = Object.keys(schema).find((key) => isTypeOfLibrary(Reflect.get(schema, key)))
  if (field === undefined) return undefined
  return `holds the type "${field}" itself; wrap the shape in an object type, such as z.object({ … })`
}

function explainMissing({ vendor, validate }: Record<string, unknown>): string {
  const name = `is a type of ${typeof vendor === 'string' ? vendor : 'a library'}`
  if (typeof validate !== 'function') {
    return `${name} without Standard Schema (~standard.validate), which checks data; pass its JSON Schema instead`
  }
  const advice =
    vendor === 'valibot'
      ? 'wrap it in toStandardJsonSchema() of @valibot/to-json-schema'
      : 'convert it with its library, or pass a JSON Schema'
  return `${name} without Standard JSON Schema (~standard.jsonSchema), which is sent to the model; ${advice}`
}

function standardOf(schema: object): Record<string, unknown> | undefined {
  // zod adds a hidden one to the JSON Schemas that it makes.
  if (isPlain(schema) && !Object.prototype.propertyIsEnumerable.call(schema, '~standard')) return undefined
  const standard: unknown = Reflect.get(schema, '~standard')
  return isJsonObject(standard) ? standard : undefined
}

function isTypeOfLibrary(value: unknown): boolean {
  if (!isJsonObject(value) && typeof value !== 'function') return false
  return '_zod' in value || '_def' in value || '~standard' in value
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
