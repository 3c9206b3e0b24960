import type { Usage } from '@dualscope/core'
import { decodeCacheType, omitUndefined, optionalNumber, optionalObject, type JsonObject } from '@dualscope/core/wire'

const outputPlace = 'usage.output_tokens_details'
const inputPlace = 'usage.input_tokens_details'
const cachePlace = 'usage.prompt_tokens_details'

/** Reads usage. The service may leave out any detail, and the first frame of a web search leaves out all. */
export function decodeUsage(wire: JsonObject): Usage | undefined {
  const inputTokens = optionalNumber(wire, 'input_tokens', 'usage')
  const outputTokens = optionalNumber(wire, 'output_tokens', 'usage')
  // Older vision models state no total.
  const totalTokens = optionalNumber(wire, 'total_tokens', 'usage')
  if (inputTokens === undefined && outputTokens === undefined) return undefined
  const output = optionalObject(wire, 'output_tokens_details', 'usage') ?? {}
  const input = optionalObject(wire, 'input_tokens_details', 'usage') ?? {}
  // Not a mistake: cached input has the field name of the other protocol.
  const cache = optionalObject(wire, 'prompt_tokens_details', 'usage') ?? {}
  return {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    totalTokens: totalTokens ?? (inputTokens ?? 0) + (outputTokens ?? 0),
    ...omitUndefined({
      reasoningTokens: optionalNumber(output, 'reasoning_tokens', outputPlace),
      cachedTokens: optionalNumber(cache, 'cached_tokens', cachePlace),
      cacheWriteTokens: optionalNumber(cache, 'cache_creation_input_tokens', cachePlace),
      cacheType: decodeCacheType(cache, cachePlace),
      imageTokens: optionalNumber(input, 'image_tokens', inputPlace) ?? optionalNumber(wire, 'image_tokens', 'usage'),
      videoTokens: optionalNumber(input, 'video_tokens', inputPlace) ?? optionalNumber(wire, 'video_tokens', 'usage'),
    }),
  }
}
