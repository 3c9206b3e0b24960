import type { JsonSchema } from '../json.ts'
import type { SchemaType } from '../output/output.ts'

/** What a running tool is told beside its input. */
export interface ToolContext {
  /** Aborted when the loop that runs the tool is. */
  signal: AbortSignal
}

/** A function that the model may ask for. */
export interface Tool {
  /** 1 to 64 of `A-Z a-z 0-9 _ -`; `search` is the service's own. */
  name: string
  /** When and how to use it: the model reads this. */
  description: string
  /** The arguments, as a zod type or a JSON Schema. @default none */
  input?: SchemaType | JsonSchema | undefined
  /** Runs it; needed by `runTools` alone. A string goes to the model as it is, anything else as JSON. */
  execute?(input: unknown, context: ToolContext): unknown
}
