import type { Usage } from '@dualscope/core'
import { optionalNumber, optionalObject, type JsonObject } from '@dualscope/core/wire'

/** Reads the usage of an answer. The service may leave out any detail, or all of them. */
export function decodeUsage(wire: JsonObject): Usage {
  const inputTokens = optionalNumber(wire, 'prompt_tokens', 'usage') ?? 0
  const outputTokens = optionalNumber(wire, 'completion_tokens', 'usage') ?? 0
  const totalTokens = optionalNumber(wire, 'total_tokens', 'usage') ?? inputTokens + outputTokens
  const usage: Usage = { inputTokens, outputTokens, totalTokens }
  const output = optionalObject(wire, 'completion_tokens_details', 'usage')
  const input = optionalObject(wire, 'prompt_tokens_details', 'usage')
  addDetail(usage, 'reasoningTokens', output, 'reasoning_tokens', 'usage.completion_tokens_details')
  addDetail(usage, 'cachedTokens', input, 'cached_tokens', 'usage.prompt_tokens_details')
  addDetail(usage, 'cacheWriteTokens', input, 'cache_creation_input_tokens', 'usage.prompt_tokens_details')
  addDetail(usage, 'imageTokens', input, 'image_tokens', 'usage.prompt_tokens_details')
  addDetail(usage, 'videoTokens', input, 'video_tokens', 'usage.prompt_tokens_details')
  return usage
}

type Detail = 'reasoningTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'imageTokens' | 'videoTokens'

function addDetail(usage: Usage, detail: Detail, details: JsonObject | undefined, field: string, place: string): void {
  const tokens = details && optionalNumber(details, field, place)
  if (tokens !== undefined) usage[detail] = tokens
}
