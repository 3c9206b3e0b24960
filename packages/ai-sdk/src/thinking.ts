import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import { modelInfo, type ChatRequest, type ThinkingOptions } from '@dualscope/core'

type Reasoning = NonNullable<LanguageModelV4CallOptions['reasoning']>
type Effort = NonNullable<ThinkingOptions['effort']>

// From the nearest to the farthest.
const efforts: Record<Exclude<Reasoning, 'provider-default' | 'none'>, readonly Effort[]> = {
  minimal: ['low', 'high', 'max'],
  low: ['low', 'high', 'max'],
  medium: ['high', 'low', 'max'],
  high: ['high', 'max', 'low'],
  xhigh: ['max', 'high', 'low'],
  max: ['max', 'high', 'low'],
}

/**
 * Translates the AI SDK's `reasoning` into `thinking`. A model without the effort gets the nearest one, and a model without
 * efforts thinks; both with a warning.
 */
export function toThinking(
  reasoning: Reasoning | undefined,
  modelId: string,
  warnings: SharedV4Warning[],
): ChatRequest['thinking'] {
  if (reasoning === undefined || reasoning === 'provider-default') return undefined
  if (reasoning === 'none') return false
  const info = modelInfo(modelId)
  // The core reports what a model that does not think cannot do.
  if (info?.thinking === 'never') return true
  const effort = efforts[reasoning].find((candidate) => info?.thinkingEfforts.includes(candidate))
  if (effort !== reasoning) {
    const details =
      effort === undefined ? `${modelId} has no effort levels; thinking is turned on` : `sent as effort "${effort}"`
    warnings.push({ type: 'compatibility', feature: `reasoning "${reasoning}"`, details })
  }
  return effort === undefined ? true : { effort }
}
