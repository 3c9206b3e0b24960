import type { SchemaType } from '../chat/output.ts'
import { DualscopeError } from '../errors.ts'
import { isJsonObject, type JsonSchema } from '../json.ts'

/** Whether a schema is a zod 4 type rather than a JSON Schema. */
export function isSchemaType(schema: SchemaType | JsonSchema): schema is SchemaType {
  return '_zod' in schema
}

/**
 * Throws `validation` unless a value is a zod 4 type or a plain object that can be a JSON Schema. Types of other libraries
 * would be sent with their internals, and would check nothing.
 */
export function assertSchema(schema: unknown, place: string): void {
  const reason = explainSchema(schema)
  if (reason) throw new DualscopeError('validation', `${place}: ${reason}`)
}

function explainSchema(schema: unknown): string | undefined {
  if (!isJsonObject(schema)) return 'must be a zod type or a JSON Schema'
  if ('_zod' in schema) return undefined
  if (isZod3(schema)) return "is a zod 3 type; use zod 4, which zod 3.25 has as 'zod/v4'"
  const vendor = vendorOf(schema)
  if (vendor) return `is a ${vendor} type, which is not supported; use a zod 4 type or a JSON Schema`
  if (!isPlain(schema)) return 'must be a zod type or a plain JSON Schema object'
  const field = Object.keys(schema).find((key) => isTypeOfLibrary(schema[key]))
  return field === undefined ? undefined : `holds the type "${field}" itself; wrap the shape in z.object({ … })`
}

function isZod3(schema: object): boolean {
  return '_def' in schema && !('_zod' in schema)
}

function vendorOf(schema: object): string | undefined {
  // zod adds a hidden one to the JSON Schemas that it makes.
  if (!Object.prototype.propertyIsEnumerable.call(schema, '~standard') && isPlain(schema)) return undefined
  const standard: unknown = Reflect.get(schema, '~standard')
  if (!isJsonObject(standard)) return undefined
  return typeof standard['vendor'] === 'string' ? standard['vendor'] : 'schema'
}

function isTypeOfLibrary(value: unknown): boolean {
  return isJsonObject(value) && ('_zod' in value || '_def' in value || '~standard' in value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
