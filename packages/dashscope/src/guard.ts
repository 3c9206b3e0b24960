// Compiled from schema.ts by `npx -y pnpm@12 guards`; not by hand.

import { isJsonObject, nestsTooDeep } from '@dualscope/core/wire'

/** Where a value is not of the schema `generation`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  if (noText(value['request_id'])) return 'request_id'
  const theOutput = value['output']
  if (!isJsonObject(theOutput)) return 'output'
  const theOutputChoices = theOutput['choices']
  if (theOutputChoices != null) {
    if (!Array.isArray(theOutputChoices)) return 'output.choices'
    for (let index = 0; index < theOutputChoices.length; index += 1) {
      const inner = misplacedInOutputChoices(theOutputChoices[index])
      if (inner !== undefined) return within('output.choices', index, inner)
    }
  }
  if (noText(theOutput['text'])) return 'output.text'
  if (noText(theOutput['finish_reason'])) return 'output.finish_reason'
  const theOutputSearchInfo = theOutput['search_info']
  if (theOutputSearchInfo != null) {
    if (!isJsonObject(theOutputSearchInfo)) return 'output.search_info'
    const theOutputSearchInfoSearchResults = theOutputSearchInfo['search_results']
    if (theOutputSearchInfoSearchResults != null) {
      if (!Array.isArray(theOutputSearchInfoSearchResults)) return 'output.search_info.search_results'
      for (let index = 0; index < theOutputSearchInfoSearchResults.length; index += 1) {
        const inner = misplacedInOutputSearchInfoSearchResults(theOutputSearchInfoSearchResults[index])
        if (inner !== undefined) return within('output.search_info.search_results', index, inner)
      }
    }
  }
  const theUsage = value['usage']
  if (theUsage != null) {
    if (!isJsonObject(theUsage)) return 'usage'
    if (noNumber(theUsage['input_tokens'])) return 'usage.input_tokens'
    if (noNumber(theUsage['output_tokens'])) return 'usage.output_tokens'
    if (noNumber(theUsage['total_tokens'])) return 'usage.total_tokens'
    if (noNumber(theUsage['image_tokens'])) return 'usage.image_tokens'
    if (noNumber(theUsage['video_tokens'])) return 'usage.video_tokens'
    const theUsageOutputTokensDetails = theUsage['output_tokens_details']
    if (theUsageOutputTokensDetails != null) {
      if (!isJsonObject(theUsageOutputTokensDetails)) return 'usage.output_tokens_details'
      if (noNumber(theUsageOutputTokensDetails['reasoning_tokens']))
        return 'usage.output_tokens_details.reasoning_tokens'
    }
    const theUsageInputTokensDetails = theUsage['input_tokens_details']
    if (theUsageInputTokensDetails != null) {
      if (!isJsonObject(theUsageInputTokensDetails)) return 'usage.input_tokens_details'
      if (noNumber(theUsageInputTokensDetails['image_tokens'])) return 'usage.input_tokens_details.image_tokens'
      if (noNumber(theUsageInputTokensDetails['video_tokens'])) return 'usage.input_tokens_details.video_tokens'
    }
    const theUsagePromptTokensDetails = theUsage['prompt_tokens_details']
    if (theUsagePromptTokensDetails != null) {
      if (!isJsonObject(theUsagePromptTokensDetails)) return 'usage.prompt_tokens_details'
      if (noNumber(theUsagePromptTokensDetails['cached_tokens'])) return 'usage.prompt_tokens_details.cached_tokens'
      if (noNumber(theUsagePromptTokensDetails['cache_creation_input_tokens']))
        return 'usage.prompt_tokens_details.cache_creation_input_tokens'
    }
  }
  return undefined
}

function misplacedInOutputChoices(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const theMessage = value['message']
  if (theMessage != null) {
    if (!isJsonObject(theMessage)) return 'message'
    const theMessageContent = theMessage['content']
    if (theMessageContent != null) {
      if (typeof theMessageContent !== 'string') {
        if (!Array.isArray(theMessageContent)) return 'message.content'
        for (let index = 0; index < theMessageContent.length; index += 1) {
          const inner = misplacedInMessageContent(theMessageContent[index])
          if (inner !== undefined) return within('message.content', index, inner)
        }
      }
    }
    if (noText(theMessage['reasoning_content'])) return 'message.reasoning_content'
    const theMessageToolCalls = theMessage['tool_calls']
    if (theMessageToolCalls != null) {
      if (!Array.isArray(theMessageToolCalls)) return 'message.tool_calls'
      for (let index = 0; index < theMessageToolCalls.length; index += 1) {
        const inner = misplacedInMessageToolCalls(theMessageToolCalls[index])
        if (inner !== undefined) return within('message.tool_calls', index, inner)
      }
    }
  }
  if (noText(value['finish_reason'])) return 'finish_reason'
  if (nestsTooDeep(value['logprobs'])) return 'logprobs'
  return undefined
}

function misplacedInMessageContent(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  if (noText(value['text'])) return 'text'
  return undefined
}

function misplacedInMessageToolCalls(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  if (noNumber(value['index'])) return 'index'
  if (noText(value['id'])) return 'id'
  const theFunction = value['function']
  if (theFunction != null) {
    if (!isJsonObject(theFunction)) return 'function'
    if (noText(theFunction['name'])) return 'function.name'
    if (noText(theFunction['arguments'])) return 'function.arguments'
  }
  return undefined
}

function misplacedInOutputSearchInfoSearchResults(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  if (noText(value['title'])) return 'title'
  if (noText(value['url'])) return 'url'
  if (noText(value['site_name'])) return 'site_name'
  if (noText(value['icon'])) return 'icon'
  if (noNumber(value['index'])) return 'index'
  return undefined
}

function noText(value: unknown): boolean {
  return value != null && typeof value !== 'string'
}

function noNumber(value: unknown): boolean {
  return value != null && !Number.isFinite(value)
}

function within(list: string, index: number, inner: string): string {
  return `${list}.${index}${inner && '.'}${inner}`
}
