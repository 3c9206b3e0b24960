import type { ToolCallPiece } from '../chunk.ts'
import type { JsonObject } from '../json.ts'
import type { ToolCall } from '../message.ts'
import type { PreparedTool } from '../fit/prepare.ts'
import type { ChatRequest } from '../request.ts'

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

/** A tool call, or a piece of one, as both protocols write it. */
interface WireToolCall {
  index?: number | null | undefined
  id?: string | null | undefined
  function?: { name?: string | null | undefined; arguments?: string | null | undefined } | null | undefined
}

/** The pieces of tool calls that a message brings; a whole answer may leave the index out, so the position counts. */
export function decodeToolCalls(toolCalls: readonly WireToolCall[] | null | undefined): ToolCallPiece[] | undefined {
  return toolCalls?.map((call, position) => ({
    index: call.index ?? position,
    id: call.id ?? undefined,
    name: call.function?.name ?? undefined,
    arguments: call.function?.arguments ?? undefined,
  }))
}
