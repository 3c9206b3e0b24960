import type { Usage } from '@dualscope/core'
import { decodeCacheType, omitUndefined, optionalNumber, optionalObject, type JsonObject } from '@dualscope/core/wire'

const outputPlace = 'usage.completion_tokens_details'
const inputPlace = 'usage.prompt_tokens_details'

/** Reads the usage of an answer. The service may leave out any detail, or all of them; usage without tokens says nothing. */
export function decodeUsage(wire: JsonObject): Usage | undefined {
  const inputTokens = optionalNumber(wire, 'prompt_tokens', 'usage')
  const outputTokens = optionalNumber(wire, 'completion_tokens', 'usage')
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  const totalTokens = optionalNumber(wire, 'total_tokens', 'usage')
  const output = optionalObject(wire, 'completion_tokens_details', 'usage') ?? {}
  const input = optionalObject(wire, 'prompt_tokens_details', 'usage') ?? {}
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    totalTokens: totalTokens ?? (inputTokens ?? 0) + (outputTokens ?? 0),
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
