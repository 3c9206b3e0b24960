// Compiled from schema.ts by `npx -y pnpm@12 guards`; not by hand.

import { isJsonObject } from '@dualscope/core/wire'

/** Where a value is not of the schema `generation`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { request_id: theRequestId, output: theOutput, usage: theUsage } = value
  if (theRequestId != null && typeof theRequestId !== 'string') return 'request_id'
  if (!isJsonObject(theOutput)) return 'output'
  const {
    choices: theOutputChoices,
    text: theOutputText,
    finish_reason: theOutputFinishReason,
    search_info: theOutputSearchInfo,
  } = theOutput
  if (theOutputChoices != null) {
    if (!Array.isArray(theOutputChoices)) return 'output.choices'
    for (let index = 0; index < theOutputChoices.length; index += 1) {
      const inner = misplacedInOutputChoices(theOutputChoices[index])
      if (inner !== undefined) return `output.choices.${index}${inner && '.'}${inner}`
    }
  }
  if (theOutputText != null && typeof theOutputText !== 'string') return 'output.text'
  if (theOutputFinishReason != null && typeof theOutputFinishReason !== 'string') return 'output.finish_reason'
  if (theOutputSearchInfo != null) {
    if (!isJsonObject(theOutputSearchInfo)) return 'output.search_info'
    const { search_results: theOutputSearchInfoSearchResults } = theOutputSearchInfo
    if (theOutputSearchInfoSearchResults != null) {
      if (!Array.isArray(theOutputSearchInfoSearchResults)) return 'output.search_info.search_results'
      for (let index = 0; index < theOutputSearchInfoSearchResults.length; index += 1) {
        const inner = misplacedInOutputSearchInfoSearchResults(theOutputSearchInfoSearchResults[index])
        if (inner !== undefined) return `output.search_info.search_results.${index}${inner && '.'}${inner}`
      }
    }
  }
  if (theUsage != null) {
    if (!isJsonObject(theUsage)) return 'usage'
    const {
      input_tokens: theUsageInputTokens,
      output_tokens: theUsageOutputTokens,
      total_tokens: theUsageTotalTokens,
      image_tokens: theUsageImageTokens,
      video_tokens: theUsageVideoTokens,
      output_tokens_details: theUsageOutputTokensDetails,
      input_tokens_details: theUsageInputTokensDetails,
      prompt_tokens_details: theUsagePromptTokensDetails,
    } = theUsage
    if (theUsageInputTokens != null && !Number.isFinite(theUsageInputTokens)) return 'usage.input_tokens'
    if (theUsageOutputTokens != null && !Number.isFinite(theUsageOutputTokens)) return 'usage.output_tokens'
    if (theUsageTotalTokens != null && !Number.isFinite(theUsageTotalTokens)) return 'usage.total_tokens'
    if (theUsageImageTokens != null && !Number.isFinite(theUsageImageTokens)) return 'usage.image_tokens'
    if (theUsageVideoTokens != null && !Number.isFinite(theUsageVideoTokens)) return 'usage.video_tokens'
    if (theUsageOutputTokensDetails != null) {
      if (!isJsonObject(theUsageOutputTokensDetails)) return 'usage.output_tokens_details'
      const { reasoning_tokens: theUsageOutputTokensDetailsReasoningTokens } = theUsageOutputTokensDetails
      if (
        theUsageOutputTokensDetailsReasoningTokens != null &&
        !Number.isFinite(theUsageOutputTokensDetailsReasoningTokens)
      )
        return 'usage.output_tokens_details.reasoning_tokens'
    }
    if (theUsageInputTokensDetails != null) {
      if (!isJsonObject(theUsageInputTokensDetails)) return 'usage.input_tokens_details'
      const {
        image_tokens: theUsageInputTokensDetailsImageTokens,
        video_tokens: theUsageInputTokensDetailsVideoTokens,
      } = theUsageInputTokensDetails
      if (theUsageInputTokensDetailsImageTokens != null && !Number.isFinite(theUsageInputTokensDetailsImageTokens))
        return 'usage.input_tokens_details.image_tokens'
      if (theUsageInputTokensDetailsVideoTokens != null && !Number.isFinite(theUsageInputTokensDetailsVideoTokens))
        return 'usage.input_tokens_details.video_tokens'
    }
    if (theUsagePromptTokensDetails != null) {
      if (!isJsonObject(theUsagePromptTokensDetails)) return 'usage.prompt_tokens_details'
      const {
        cached_tokens: theUsagePromptTokensDetailsCachedTokens,
        cache_creation_input_tokens: theUsagePromptTokensDetailsCacheCreationInputTokens,
      } = theUsagePromptTokensDetails
      if (theUsagePromptTokensDetailsCachedTokens != null && !Number.isFinite(theUsagePromptTokensDetailsCachedTokens))
        return 'usage.prompt_tokens_details.cached_tokens'
      if (
        theUsagePromptTokensDetailsCacheCreationInputTokens != null &&
        !Number.isFinite(theUsagePromptTokensDetailsCacheCreationInputTokens)
      )
        return 'usage.prompt_tokens_details.cache_creation_input_tokens'
    }
  }
  return undefined
}

function misplacedInOutputChoices(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { message: theMessage, finish_reason: theFinishReason } = value
  if (theMessage != null) {
    if (!isJsonObject(theMessage)) return 'message'
    const {
      content: theMessageContent,
      reasoning_content: theMessageReasoningContent,
      tool_calls: theMessageToolCalls,
    } = theMessage
    if (theMessageContent != null) {
      if (typeof theMessageContent !== 'string') {
        if (!Array.isArray(theMessageContent)) return 'message.content'
        for (let index = 0; index < theMessageContent.length; index += 1) {
          const inner = misplacedInMessageContent(theMessageContent[index])
          if (inner !== undefined) return `message.content.${index}${inner && '.'}${inner}`
        }
      }
    }
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
  if (theFinishReason != null && typeof theFinishReason !== 'string') return 'finish_reason'
  return undefined
}

function misplacedInMessageContent(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { text: theText } = value
  if (theText != null && typeof theText !== 'string') return 'text'
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

function misplacedInOutputSearchInfoSearchResults(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const { title: theTitle, url: theUrl, site_name: theSiteName, icon: theIcon, index: theIndex } = value
  if (theTitle != null && typeof theTitle !== 'string') return 'title'
  if (theUrl != null && typeof theUrl !== 'string') return 'url'
  if (theSiteName != null && typeof theSiteName !== 'string') return 'site_name'
  if (theIcon != null && typeof theIcon !== 'string') return 'icon'
  if (theIndex != null && !Number.isFinite(theIndex)) return 'index'
  return undefined
}
