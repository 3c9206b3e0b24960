import type { Usage } from '@dualscope/core'
import { decodeCacheType, omitUndefined, optionalNumber, optionalObject, type JsonObject } from '@dualscope/core/wire'

const outputPlace = 'usage.completion_tokens_details'
const inputPlace = 'usage.prompt_tokens_details'

/** Reads the usage of an answer. The service may leave out any detail, or all of them. */
export function decodeUsage(wire: JsonObject): Usage {
  const inputTokens = optionalNumber(wire, 'prompt_tokens', 'usage') ?? 0
  const outputTokens = optionalNumber(wire, 'completion_tokens', 'usage') ?? 0
  const totalTokens = optionalNumber(wire, 'total_tokens', 'usage') ?? inputTokens + outputTokens
  const output = optionalObject(wire, 'completion_tokens_details', 'usage') ?? {}
  const input = optionalObject(wire, 'prompt_tokens_details', 'usage') ?? {}
  return {
    inputTokens,
    outputTokens,
    totalTokens,
    ...omitUndefined({
      reasoningTokens: optionalNumber(output, 'reasoning_tokens', outputPlace),
      cachedTokens: optionalNumber(input, 'cached_tokens', inputPlace),
      cacheWriteTokens: optionalNumber(input, 'cache_creation_input_tokens', inputPlace),
      cacheType: decodeCacheType(input, inputPlace),
      imageTokens: optionalNumber(input, 'image_tokens', inputPlace),
      videoTokens: optionalNumber(input, 'video_tokens', inputPlace),
    }),
  }
}
