import type { StandardSchemaV1 } from '@standard-schema/spec'

import type { SchemaType } from '../chat/output.ts'
import type { Tool, ToolContext } from '../chat/tool.ts'
import type { JsonSchema } from '../json.ts'

/** The type of the input that a tool's `execute` receives: the output of its type. */
export type ToolInput<S extends SchemaType | JsonSchema | undefined> = S extends SchemaType
  ? StandardSchemaV1.InferOutput<S>
  : unknown

/** A tool whose `execute` has a typed input. */
export interface ToolDefinition<S extends SchemaType | JsonSchema | undefined> extends Omit<Tool, 'input' | 'execute'> {
  /** The arguments, as a type of a schema library (zod, `zod/mini`, arktype, valibot) or a JSON Schema. @default none */
  input?: S
  /** Runs it; needed by `runTools` alone. A string goes to the model as it is, anything else as JSON. */
  execute?(input: ToolInput<S>, context: ToolContext): unknown
}

/**
 * Defines a tool with a typed `execute`. With a type of a schema library its input is inferred and parsed; with a JSON Schema it is checked
 * and `unknown`. A plain `Tool` object works as well.
 *
 * @example
 * ```ts
 * const weather = defineTool({
 *   name: 'get_weather',
 *   description: 'The weather of a city today',
 *   input: z.object({ city: z.string() }),
 *   execute: ({ city }, { signal }) => fetchWeather(city, signal),
 * })
 * ```
 */
export function defineTool<S extends SchemaType | JsonSchema | undefined = undefined>(tool: ToolDefinition<S>): Tool {
  return tool
}
