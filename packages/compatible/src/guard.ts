// Compiled from schema.ts by `npx -y pnpm@12 guards`; not by hand.

import { isJsonObject, nestsTooDeep } from '@dualscope/core/wire'

/** Where a value is not of the schema `completion`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  if (noText(value['id'])) return 'id'
  if (noText(value['model'])) return 'model'
  if (noText(value['request_id'])) return 'request_id'
  const theChoices = value['choices']
  if (!Array.isArray(theChoices)) return 'choices'
  for (let index = 0; index < theChoices.length; index += 1) {
    const inner = misplacedInChoices(theChoices[index])
    if (inner !== undefined) return within('choices', index, inner)
  }
  const theUsage = value['usage']
  if (theUsage != null) {
    if (!isJsonObject(theUsage)) return 'usage'
    if (noNumber(theUsage['prompt_tokens'])) return 'usage.prompt_tokens'
    if (noNumber(theUsage['completion_tokens'])) return 'usage.completion_tokens'
    if (noNumber(theUsage['total_tokens'])) return 'usage.total_tokens'
    const theUsageCompletionTokensDetails = theUsage['completion_tokens_details']
    if (theUsageCompletionTokensDetails != null) {
      if (!isJsonObject(theUsageCompletionTokensDetails)) return 'usage.completion_tokens_details'
      if (noNumber(theUsageCompletionTokensDetails['reasoning_tokens']))
        return 'usage.completion_tokens_details.reasoning_tokens'
    }
    const theUsagePromptTokensDetails = theUsage['prompt_tokens_details']
    if (theUsagePromptTokensDetails != null) {
      if (!isJsonObject(theUsagePromptTokensDetails)) return 'usage.prompt_tokens_details'
      if (noNumber(theUsagePromptTokensDetails['cached_tokens'])) return 'usage.prompt_tokens_details.cached_tokens'
      if (noNumber(theUsagePromptTokensDetails['cache_creation_input_tokens']))
        return 'usage.prompt_tokens_details.cache_creation_input_tokens'
      if (noNumber(theUsagePromptTokensDetails['image_tokens'])) return 'usage.prompt_tokens_details.image_tokens'
      if (noNumber(theUsagePromptTokensDetails['video_tokens'])) return 'usage.prompt_tokens_details.video_tokens'
    }
  }
  return undefined
}

function misplacedInChoices(value: unknown): string | undefined {
  if (!isJsonObject(value)) return ''
  const theMessage = value['message']
  if (theMessage != null) {
    if (!isJsonObject(theMessage)) return 'message'
    if (noText(theMessage['content'])) return 'message.content'
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
  const theDelta = value['delta']
  if (theDelta != null) {
    if (!isJsonObject(theDelta)) return 'delta'
    if (noText(theDelta['content'])) return 'delta.content'
    if (noText(theDelta['reasoning_content'])) return 'delta.reasoning_content'
    const theDeltaToolCalls = theDelta['tool_calls']
    if (theDeltaToolCalls != null) {
      if (!Array.isArray(theDeltaToolCalls)) return 'delta.tool_calls'
      for (let index = 0; index < theDeltaToolCalls.length; index += 1) {
        const inner = misplacedInMessageToolCalls(theDeltaToolCalls[index])
        if (inner !== undefined) return within('delta.tool_calls', index, inner)
      }
    }
  }
  if (noText(value['finish_reason'])) return 'finish_reason'
  if (nestsTooDeep(value['logprobs'])) return 'logprobs'
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

function noText(value: unknown): boolean {
  return value != null && typeof value !== 'string'
}

function noNumber(value: unknown): boolean {
  return value != null && !Number.isFinite(value)
}

function within(list: string, index: number, inner: string): string {
  return `${list}.${index}${inner && '.'}${inner}`
}
