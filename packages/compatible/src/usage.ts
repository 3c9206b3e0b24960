import type { Usage } from '@dualscope/core'

import type { WireUsage } from './schema.ts'

/** Usage in one shape; the service may leave out any detail, or all of them. */
export function decodeUsage(wire: WireUsage): Usage {
  const inputTokens = wire.prompt_tokens ?? 0
  const outputTokens = wire.completion_tokens ?? 0
  const usage: Usage = { inputTokens, outputTokens, totalTokens: wire.total_tokens ?? inputTokens + outputTokens }
  const input = wire.prompt_tokens_details
  const reasoningTokens = wire.completion_tokens_details?.reasoning_tokens
  if (typeof reasoningTokens === 'number') usage.reasoningTokens = reasoningTokens
  if (typeof input?.cached_tokens === 'number') usage.cachedTokens = input.cached_tokens
  if (typeof input?.cache_creation_input_tokens === 'number') usage.cacheWriteTokens = input.cache_creation_input_tokens
  if (typeof input?.image_tokens === 'number') usage.imageTokens = input.image_tokens
  if (typeof input?.video_tokens === 'number') usage.videoTokens = input.video_tokens
  return usage
}
