// Compiled from schema.ts by `npx -y pnpm@12 guards`; not by hand.

/** Where a value is not of the schema `completion`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  return misplacedInCompletion(value)
}

function misplacedInCompletion(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { id: theId, model: theModel, request_id: theRequestId, choices: theChoices, usage: theUsage } = value
  if (theId != null && typeof theId !== 'string') return 'id'
  if (theModel != null && typeof theModel !== 'string') return 'model'
  if (theRequestId != null && typeof theRequestId !== 'string') return 'request_id'
  const inChoices = misplacedItem(theChoices, misplacedInChoices)
  if (inChoices !== undefined) return within('choices', inChoices)
  const inUsage = theUsage == null ? undefined : misplacedInUsage(theUsage)
  if (inUsage !== undefined) return within('usage', inUsage)
  return undefined
}

function misplacedInChoices(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { message: theMessage, delta: theDelta, finish_reason: theFinishReason } = value
  const inMessage = theMessage == null ? undefined : misplacedInMessage(theMessage)
  if (inMessage !== undefined) return within('message', inMessage)
  const inDelta = theDelta == null ? undefined : misplacedInMessage(theDelta)
  if (inDelta !== undefined) return within('delta', inDelta)
  if (theFinishReason != null && typeof theFinishReason !== 'string') return 'finish_reason'
  return undefined
}

function misplacedInMessage(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { content: theContent, reasoning_content: theReasoningContent, tool_calls: theToolCalls } = value
  if (theContent != null && typeof theContent !== 'string') return 'content'
  if (theReasoningContent != null && typeof theReasoningContent !== 'string') return 'reasoning_content'
  const inToolCalls = theToolCalls == null ? undefined : misplacedItem(theToolCalls, misplacedInToolCalls)
  if (inToolCalls !== undefined) return within('tool_calls', inToolCalls)
  return undefined
}

function misplacedInToolCalls(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { index: theIndex, id: theId, function: theFunction } = value
  if (theIndex != null && !Number.isFinite(theIndex)) return 'index'
  if (theId != null && typeof theId !== 'string') return 'id'
  const inFunction = theFunction == null ? undefined : misplacedInFunction(theFunction)
  if (inFunction !== undefined) return within('function', inFunction)
  return undefined
}

function misplacedInFunction(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { name: theName, arguments: theArguments } = value
  if (theName != null && typeof theName !== 'string') return 'name'
  if (theArguments != null && typeof theArguments !== 'string') return 'arguments'
  return undefined
}

function misplacedInUsage(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const {
    prompt_tokens: thePromptTokens,
    completion_tokens: theCompletionTokens,
    total_tokens: theTotalTokens,
    completion_tokens_details: theCompletionTokensDetails,
    prompt_tokens_details: thePromptTokensDetails,
  } = value
  if (thePromptTokens != null && !Number.isFinite(thePromptTokens)) return 'prompt_tokens'
  if (theCompletionTokens != null && !Number.isFinite(theCompletionTokens)) return 'completion_tokens'
  if (theTotalTokens != null && !Number.isFinite(theTotalTokens)) return 'total_tokens'
  const inCompletionTokensDetails =
    theCompletionTokensDetails == null ? undefined : misplacedInCompletionTokensDetails(theCompletionTokensDetails)
  if (inCompletionTokensDetails !== undefined) return within('completion_tokens_details', inCompletionTokensDetails)
  const inPromptTokensDetails =
    thePromptTokensDetails == null ? undefined : misplacedInPromptTokensDetails(thePromptTokensDetails)
  if (inPromptTokensDetails !== undefined) return within('prompt_tokens_details', inPromptTokensDetails)
  return undefined
}

function misplacedInCompletionTokensDetails(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { reasoning_tokens: theReasoningTokens } = value
  if (theReasoningTokens != null && !Number.isFinite(theReasoningTokens)) return 'reasoning_tokens'
  return undefined
}

function misplacedInPromptTokensDetails(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const {
    cached_tokens: theCachedTokens,
    cache_creation_input_tokens: theCacheCreationInputTokens,
    image_tokens: theImageTokens,
    video_tokens: theVideoTokens,
  } = value
  if (theCachedTokens != null && !Number.isFinite(theCachedTokens)) return 'cached_tokens'
  if (theCacheCreationInputTokens != null && !Number.isFinite(theCacheCreationInputTokens))
    return 'cache_creation_input_tokens'
  if (theImageTokens != null && !Number.isFinite(theImageTokens)) return 'image_tokens'
  if (theVideoTokens != null && !Number.isFinite(theVideoTokens)) return 'video_tokens'
  return undefined
}

/** The place of the first item of a list that does not fit. */
function misplacedItem(items: unknown, look: (item: unknown) => string | undefined): string | undefined {
  if (!Array.isArray(items)) return ''
  for (let index = 0; index < items.length; index += 1) {
    const place = look(items[index])
    if (place !== undefined) return within(String(index), place)
  }
  return undefined
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function within(place: string, inner: string): string {
  return inner === '' ? place : `${place}.${inner}`
}
