// Compiled from schema.ts by `npx -y pnpm@12 guards`; not by hand.

import { isJsonObject } from '@dualscope/core/wire'

/** Where a value is not of the schema `completion`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { id: theId, model: theModel, request_id: theRequestId, choices: theChoices, usage: theUsage } = value
  if (theId != null && typeof theId !== 'string') return 'id'
  if (theModel != null && typeof theModel !== 'string') return 'model'
  if (theRequestId != null && typeof theRequestId !== 'string') return 'request_id'
  if (!Array.isArray(theChoices)) return 'choices'
  for (let index = 0; index < theChoices.length; index += 1) {
    const inner = misplacedInChoices(theChoices[index])
    if (inner !== undefined) return `choices.${index}${inner && '.'}${inner}`
  }
  if (theUsage != null) {
    if (!isJsonObject(theUsage)) return 'usage'
    const {
      prompt_tokens: theUsagePromptTokens,
      completion_tokens: theUsageCompletionTokens,
      total_tokens: theUsageTotalTokens,
      completion_tokens_details: theUsageCompletionTokensDetails,
      prompt_tokens_details: theUsagePromptTokensDetails,
    } = theUsage
    if (theUsagePromptTokens != null && !Number.isFinite(theUsagePromptTokens)) return 'usage.prompt_tokens'
    if (theUsageCompletionTokens != null && !Number.isFinite(theUsageCompletionTokens)) return 'usage.completion_tokens'
    if (theUsageTotalTokens != null && !Number.isFinite(theUsageTotalTokens)) return 'usage.total_tokens'
    if (theUsageCompletionTokensDetails != null) {
      if (!isJsonObject(theUsageCompletionTokensDetails)) return 'usage.completion_tokens_details'
      const { reasoning_tokens: theUsageCompletionTokensDetailsReasoningTokens } = theUsageCompletionTokensDetails
      if (
        theUsageCompletionTokensDetailsReasoningTokens != null &&
        !Number.isFinite(theUsageCompletionTokensDetailsReasoningTokens)
      )
        return 'usage.completion_tokens_details.reasoning_tokens'
    }
    if (theUsagePromptTokensDetails != null) {
      if (!isJsonObject(theUsagePromptTokensDetails)) return 'usage.prompt_tokens_details'
      const {
        cached_tokens: theUsagePromptTokensDetailsCachedTokens,
        cache_creation_input_tokens: theUsagePromptTokensDetailsCacheCreationInputTokens,
        image_tokens: theUsagePromptTokensDetailsImageTokens,
        video_tokens: theUsagePromptTokensDetailsVideoTokens,
      } = theUsagePromptTokensDetails
      if (theUsagePromptTokensDetailsCachedTokens != null && !Number.isFinite(theUsagePromptTokensDetailsCachedTokens))
        return 'usage.prompt_tokens_details.cached_tokens'
      if (
        theUsagePromptTokensDetailsCacheCreationInputTokens != null &&
        !Number.isFinite(theUsagePromptTokensDetailsCacheCreationInputTokens)
      )
        return 'usage.prompt_tokens_details.cache_creation_input_tokens'
      if (theUsagePromptTokensDetailsImageTokens != null && !Number.isFinite(theUsagePromptTokensDetailsImageTokens))
        return 'usage.prompt_tokens_details.image_tokens'
      if (theUsagePromptTokensDetailsVideoTokens != null && !Number.isFinite(theUsagePromptTokensDetailsVideoTokens))
        return 'usage.prompt_tokens_details.video_tokens'
    }
  }
  return undefined
}

function misplacedInChoices(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { message: theMessage, delta: theDelta, finish_reason: theFinishReason } = value
  if (theMessage != null) {
    if (!isJsonObject(theMessage)) return 'message'
    const {
      content: theMessageContent,
      reasoning_content: theMessageReasoningContent,
      tool_calls: theMessageToolCalls,
    } = theMessage
    if (theMessageContent != null && typeof theMessageContent !== 'string') return 'message.content'
    if (theMessageReasoningContent != null && typeof theMessageReasoningContent !== 'string')
      return 'message.reasoning_content'
    if (theMessageToolCalls != null) {
      if (!Array.isArray(theMessageToolCalls)) return 'message.tool_calls'
      for (let index = 0; index < theMessageToolCalls.length; index += 1) {
        const inner = misplacedInMessageToolCalls(theMessageToolCalls[index])
        if (inner !== undefined) return `message.tool_calls.${index}${inner && '.'}${inner}`
      }
    }
  }
  if (theDelta != null) {
    if (!isJsonObject(theDelta)) return 'delta'
    const {
      content: theDeltaContent,
      reasoning_content: theDeltaReasoningContent,
      tool_calls: theDeltaToolCalls,
    } = theDelta
    if (theDeltaContent != null && typeof theDeltaContent !== 'string') return 'delta.content'
    if (theDeltaReasoningContent != null && typeof theDeltaReasoningContent !== 'string')
      return 'delta.reasoning_content'
    if (theDeltaToolCalls != null) {
      if (!Array.isArray(theDeltaToolCalls)) return 'delta.tool_calls'
      for (let index = 0; index < theDeltaToolCalls.length; index += 1) {
        const inner = misplacedInMessageToolCalls(theDeltaToolCalls[index])
        if (inner !== undefined) return `delta.tool_calls.${index}${inner && '.'}${inner}`
      }
    }
  }
  if (theFinishReason != null && typeof theFinishReason !== 'string') return 'finish_reason'
  return undefined
}

function misplacedInMessageToolCalls(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { index: theIndex, id: theId, function: theFunction } = value
  if (theIndex != null && !Number.isFinite(theIndex)) return 'index'
  if (theId != null && typeof theId !== 'string') return 'id'
  if (theFunction != null) {
    if (!isJsonObject(theFunction)) return 'function'
    const { name: theFunctionName, arguments: theFunctionArguments } = theFunction
    if (theFunctionName != null && typeof theFunctionName !== 'string') return 'function.name'
    if (theFunctionArguments != null && typeof theFunctionArguments !== 'string') return 'function.arguments'
  }
  return undefined
}
