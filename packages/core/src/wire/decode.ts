import type { FinishReason } from '../chat/result.ts'

const reasons: Readonly<Record<string, FinishReason>> = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' }

/** What a wire says of the end of an answer. "Not yet" is null in one protocol and the string "null" in the other. */
export function decodeFinishReason(
  raw: string | null | undefined,
): { finishReason: FinishReason; rawFinishReason: string } | undefined {
  if (raw === undefined || raw === null || raw === '' || raw === 'null') return undefined
  return { finishReason: reasons[raw] ?? 'other', rawFinishReason: raw }
}
