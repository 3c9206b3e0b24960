import type { ChatChunk } from '../chat/chunk.ts'

/** Whether a chunk shows anything of an answer, so that the call can no longer be repeated. A first chunk often has only a role. */
export function saysSomething({ text, reasoning, toolCalls, finishReason }: ChatChunk): boolean {
  return Boolean(text || reasoning || toolCalls?.length || finishReason)
}
