// Compiled from schema.ts by `npx -y pnpm@12 guards`; not by hand.

/** Where a value is not of the schema `generation`; undefined where it is. */
export function misplaced(value: unknown): string | undefined {
  return misplacedInGeneration(value)
}

function misplacedInGeneration(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { request_id: theRequestId, output: theOutput, usage: theUsage } = value
  if (theRequestId != null && typeof theRequestId !== 'string') return 'request_id'
  const inOutput = misplacedInOutput(theOutput)
  if (inOutput !== undefined) return within('output', inOutput)
  const inUsage = theUsage == null ? undefined : misplacedInUsage(theUsage)
  if (inUsage !== undefined) return within('usage', inUsage)
  return undefined
}

function misplacedInOutput(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { choices: theChoices, text: theText, finish_reason: theFinishReason, search_info: theSearchInfo } = value
  const inChoices = theChoices == null ? undefined : misplacedItem(theChoices, misplacedInChoices)
  if (inChoices !== undefined) return within('choices', inChoices)
  if (theText != null && typeof theText !== 'string') return 'text'
  if (theFinishReason != null && typeof theFinishReason !== 'string') return 'finish_reason'
  const inSearchInfo = theSearchInfo == null ? undefined : misplacedInSearchInfo(theSearchInfo)
  if (inSearchInfo !== undefined) return within('search_info', inSearchInfo)
  return undefined
}

function misplacedInChoices(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { message: theMessage, finish_reason: theFinishReason } = value
  const inMessage = theMessage == null ? undefined : misplacedInMessage(theMessage)
  if (inMessage !== undefined) return within('message', inMessage)
  if (theFinishReason != null && typeof theFinishReason !== 'string') return 'finish_reason'
  return undefined
}

function misplacedInMessage(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { content: theContent, reasoning_content: theReasoningContent, tool_calls: theToolCalls } = value
  const inContent =
    theContent == null
      ? undefined
      : typeof theContent !== 'string'
        ? misplacedItem(theContent, misplacedInContent)
        : undefined
  if (inContent !== undefined) return within('content', inContent)
  if (theReasoningContent != null && typeof theReasoningContent !== 'string') return 'reasoning_content'
  const inToolCalls = theToolCalls == null ? undefined : misplacedItem(theToolCalls, misplacedInToolCalls)
  if (inToolCalls !== undefined) return within('tool_calls', inToolCalls)
  return undefined
}

function misplacedInContent(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { text: theText } = value
  if (theText != null && typeof theText !== 'string') return 'text'
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

function misplacedInSearchInfo(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { search_results: theSearchResults } = value
  const inSearchResults =
    theSearchResults == null ? undefined : misplacedItem(theSearchResults, misplacedInSearchResults)
  if (inSearchResults !== undefined) return within('search_results', inSearchResults)
  return undefined
}

function misplacedInSearchResults(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { title: theTitle, url: theUrl, site_name: theSiteName, icon: theIcon, index: theIndex } = value
  if (theTitle != null && typeof theTitle !== 'string') return 'title'
  if (theUrl != null && typeof theUrl !== 'string') return 'url'
  if (theSiteName != null && typeof theSiteName !== 'string') return 'site_name'
  if (theIcon != null && typeof theIcon !== 'string') return 'icon'
  if (theIndex != null && !Number.isFinite(theIndex)) return 'index'
  return undefined
}

function misplacedInUsage(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const {
    input_tokens: theInputTokens,
    output_tokens: theOutputTokens,
    total_tokens: theTotalTokens,
    image_tokens: theImageTokens,
    video_tokens: theVideoTokens,
    output_tokens_details: theOutputTokensDetails,
    input_tokens_details: theInputTokensDetails,
    prompt_tokens_details: thePromptTokensDetails,
  } = value
  if (theInputTokens != null && !Number.isFinite(theInputTokens)) return 'input_tokens'
  if (theOutputTokens != null && !Number.isFinite(theOutputTokens)) return 'output_tokens'
  if (theTotalTokens != null && !Number.isFinite(theTotalTokens)) return 'total_tokens'
  if (theImageTokens != null && !Number.isFinite(theImageTokens)) return 'image_tokens'
  if (theVideoTokens != null && !Number.isFinite(theVideoTokens)) return 'video_tokens'
  const inOutputTokensDetails =
    theOutputTokensDetails == null ? undefined : misplacedInOutputTokensDetails(theOutputTokensDetails)
  if (inOutputTokensDetails !== undefined) return within('output_tokens_details', inOutputTokensDetails)
  const inInputTokensDetails =
    theInputTokensDetails == null ? undefined : misplacedInInputTokensDetails(theInputTokensDetails)
  if (inInputTokensDetails !== undefined) return within('input_tokens_details', inInputTokensDetails)
  const inPromptTokensDetails =
    thePromptTokensDetails == null ? undefined : misplacedInPromptTokensDetails(thePromptTokensDetails)
  if (inPromptTokensDetails !== undefined) return within('prompt_tokens_details', inPromptTokensDetails)
  return undefined
}

function misplacedInOutputTokensDetails(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { reasoning_tokens: theReasoningTokens } = value
  if (theReasoningTokens != null && !Number.isFinite(theReasoningTokens)) return 'reasoning_tokens'
  return undefined
}

function misplacedInInputTokensDetails(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { image_tokens: theImageTokens, video_tokens: theVideoTokens } = value
  if (theImageTokens != null && !Number.isFinite(theImageTokens)) return 'image_tokens'
  if (theVideoTokens != null && !Number.isFinite(theVideoTokens)) return 'video_tokens'
  return undefined
}

function misplacedInPromptTokensDetails(value: unknown): string | undefined {
  if (!isFields(value)) return ''
  const { cached_tokens: theCachedTokens, cache_creation_input_tokens: theCacheCreationInputTokens } = value
  if (theCachedTokens != null && !Number.isFinite(theCachedTokens)) return 'cached_tokens'
  if (theCacheCreationInputTokens != null && !Number.isFinite(theCacheCreationInputTokens))
    return 'cache_creation_input_tokens'
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
