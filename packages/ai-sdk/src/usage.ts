import type { LanguageModelV4Usage } from '@ai-sdk/provider'
import type { Usage } from '@dualscope/core'

/** Splits the tokens of an answer as the AI SDK counts them. What the service does not state is undefined. */
export function toUsage(usage: Usage | undefined): LanguageModelV4Usage {
  const { inputTokens, cachedTokens, cacheWriteTokens, outputTokens, reasoningTokens } = usage ?? {}
  return {
    inputTokens: {
      total: inputTokens,
      // The service counts what was read from its cache, and written to it, as input.
      noCache: inputTokens && inputTokens - (cachedTokens ?? 0) - (cacheWriteTokens ?? 0),
      cacheRead: cachedTokens,
      cacheWrite: cacheWriteTokens,
    },
    outputTokens: {
      total: outputTokens,
      text: outputTokens && outputTokens - (reasoningTokens ?? 0),
      reasoning: reasoningTokens,
    },
    ...(usage && { raw: { ...usage } }),
  }
}
