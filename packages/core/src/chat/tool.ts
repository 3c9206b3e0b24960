import type { JsonSchema } from '../json.ts'
import type { SchemaType } from './output.ts'

/** The second argument of a running tool. */
export interface ToolContext {
  /** Aborts with the loop that runs the tool. */
  signal: AbortSignal
}

/** Runs a tool. It is the type of a method, so that a function with a narrower input can be passed. */
export type ExecuteTool = { execute(input: unknown, context: ToolContext): unknown }['execute']

/** A function that the model may call. */
export interface Tool {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`. The service reserves `search`. */
  name: string
  /** When and how to use it, for the model. */
  description: string
  /** The arguments, as a type of a schema library or a JSON Schema. @default none */
  input?: SchemaType | JsonSchema | undefined
  /** Runs it; only `runTools` needs it. A string goes to the model as it is, any other value as JSON. */
  execute?: ExecuteTool | undefined
}
