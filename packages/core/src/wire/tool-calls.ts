import type { ToolCallPiece } from '../chat/chunk.ts'

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
