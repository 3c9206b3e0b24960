import type { Usage } from '@dualscope/core'

import type { Service } from '../protocol.ts'

/** A JSON object to write; keys that are undefined are left out. */
export type Wire = { readonly [key: string]: unknown }

function some(details: Wire): Wire | undefined {
  return Object.values(details).some((value) => value !== undefined) ? details : undefined
}

/** The wire's word for each kind of cache ("Context Cache" page). The service names only the explicit one. */
const cacheTypes = { explicit: 'ephemeral', implicit: undefined }

/** Writes usage for chat/completions (OpenAI-compatible reference). */
export function compatibleUsage(usage: Usage): Wire {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: some({
      cached_tokens: usage.cachedTokens,
      cache_creation_input_tokens: usage.cacheWriteTokens,
      cache_type: cacheTypes[usage.cacheType ?? 'implicit'],
      image_tokens: usage.imageTokens,
      video_tokens: usage.videoTokens,
    }),
    completion_tokens_details: some({ reasoning_tokens: usage.reasoningTokens }),
  }
}

/**
 * Writes usage for native generation: cached tokens are in `prompt_tokens_details` too, and media both at the top and in the
 * details.
 */
export function dashscopeUsage(usage: Usage, service: Service): Wire {
  const reasoning = usage.reasoningTokens
  const cached = some({
    cached_tokens: usage.cachedTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_type: cacheTypes[usage.cacheType ?? 'implicit'],
  })
  const totals = {
    total_tokens: usage.totalTokens,
    output_tokens: usage.outputTokens,
    input_tokens: usage.inputTokens,
  }
  if (service === 'text-generation') {
    return { ...totals, output_tokens_details: some({ reasoning_tokens: reasoning }), prompt_tokens_details: cached }
  }
  const media = { image_tokens: usage.imageTokens, video_tokens: usage.videoTokens }
  const textTokens = usage.inputTokens - (usage.imageTokens ?? 0) - (usage.videoTokens ?? 0)
  return {
    input_tokens_details: { ...media, text_tokens: textTokens },
    prompt_tokens_details: cached ?? {},
    ...totals,
    // Recorded: reasoning is not counted here, unlike in the compatible field of the same name.
    output_tokens_details: { reasoning_tokens: reasoning, text_tokens: usage.outputTokens - (reasoning ?? 0) },
    ...media,
  }
}
