import type { Usage } from '@dualscope/core'

import type { WireUsage } from './schema.ts'

/** Usage in one shape; the service may leave out any detail, and the first frame of a web search leaves out all. */
export function decodeUsage(wire: WireUsage): Usage | undefined {
  if (typeof wire.input_tokens !== 'number' && typeof wire.output_tokens !== 'number') return undefined
  const inputTokens = wire.input_tokens ?? 0
  const outputTokens = wire.output_tokens ?? 0
  // Older vision models tell no total.
  const totalTokens = wire.total_tokens ?? inputTokens + outputTokens
  const reasoningTokens = wire.output_tokens_details?.reasoning_tokens
  // One comes with every frame: at once is cheaper than field by field.
  const usage: Usage =
    typeof reasoningTokens === 'number'
      ? { inputTokens, outputTokens, totalTokens, reasoningTokens }
      : { inputTokens, outputTokens, totalTokens }
  const imageTokens = wire.input_tokens_details?.image_tokens ?? wire.image_tokens
  const videoTokens = wire.input_tokens_details?.video_tokens ?? wire.video_tokens
  const cache = wire.prompt_tokens_details
  if (typeof cache?.cached_tokens === 'number') usage.cachedTokens = cache.cached_tokens
  if (typeof cache?.cache_creation_input_tokens === 'number') usage.cacheWriteTokens = cache.cache_creation_input_tokens
  if (typeof imageTokens === 'number') usage.imageTokens = imageTokens
  if (typeof videoTokens === 'number') usage.videoTokens = videoTokens
  return usage
}
