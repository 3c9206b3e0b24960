import type { JsonObject } from '../json.ts'
import type { ToolCall } from '../chat/message.ts'
import type { PreparedTool } from '../request/prepare.ts'
import type { ChatRequest } from '../chat/request.ts'

/** A tool's definition. */
export function encodeTool({ name, description, parameters }: PreparedTool): JsonObject {
  return { type: 'function', function: { name, description, parameters } }
}

/** The assistant's calls as they go back; the reference marks `index` as required. */
export function encodeToolCalls(toolCalls: readonly ToolCall[]): JsonObject[] {
  return toolCalls.map(({ id, name, arguments: text }, index) => ({
    id,
    type: 'function',
    index,
    function: { name, arguments: text },
  }))
}

/** Which tool the model may, must or must not call. */
export function encodeToolChoice(choice: NonNullable<ChatRequest['toolChoice']>): string | JsonObject {
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }
}
