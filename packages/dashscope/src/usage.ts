import type { Usage } from '@dualscope/core'
import { optionalNumber, optionalObject, type JsonObject } from '@dualscope/core/wire'

/** Reads usage. The service may leave out any detail, and the first frame of a web search leaves out all. */
export function decodeUsage(wire: JsonObject): Usage | undefined {
  const input = optionalNumber(wire, 'input_tokens', 'usage')
  const output = optionalNumber(wire, 'output_tokens', 'usage')
  // Older vision models state no total.
  const total = optionalNumber(wire, 'total_tokens', 'usage')
  if (input === undefined && output === undefined) return undefined
  const inputTokens = input ?? 0
  const outputTokens = output ?? 0
  const usage: Usage = { inputTokens, outputTokens, totalTokens: total ?? inputTokens + outputTokens }
  const outputDetails = optionalObject(wire, 'output_tokens_details', 'usage')
  const inputDetails = optionalObject(wire, 'input_tokens_details', 'usage')
  // Not a mistake: cached input is stated under the other protocol's name.
  const cache = optionalObject(wire, 'prompt_tokens_details', 'usage')
  addDetail(usage, 'reasoningTokens', outputDetails, 'reasoning_tokens', 'usage.output_tokens_details')
  addDetail(usage, 'cachedTokens', cache, 'cached_tokens', 'usage.prompt_tokens_details')
  addDetail(usage, 'cacheWriteTokens', cache, 'cache_creation_input_tokens', 'usage.prompt_tokens_details')
  addDetail(usage, 'imageTokens', wire, 'image_tokens', 'usage')
  addDetail(usage, 'videoTokens', wire, 'video_tokens', 'usage')
  addDetail(usage, 'imageTokens', inputDetails, 'image_tokens', 'usage.input_tokens_details')
  addDetail(usage, 'videoTokens', inputDetails, 'video_tokens', 'usage.input_tokens_details')
  return usage
}

type Detail = 'reasoningTokens' | 'cachedTokens' | 'cacheWriteTokens' | 'imageTokens' | 'videoTokens'

function addDetail(usage: Usage, detail: Detail, details: JsonObject | undefined, field: string, place: string): void {
  const tokens = details && optionalNumber(details, field, place)
  if (tokens !== undefined) usage[detail] = tokens
}
