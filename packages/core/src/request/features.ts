import type { Message } from '../chat/message.ts'
import { findModels } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { AdaptedRequest, UnsupportedField } from './prepared.ts'
import { cachePaths } from './validate.ts'

type Feature = keyof ModelInfo['features']

/** Removes from the request what the model's row in the feature table denies, and names the models that support it. */
export function applyFeatureLimits(
  request: AdaptedRequest,
  info: ModelInfo,
  thinking: boolean,
): readonly UnsupportedField[] {
  const { features } = info
  const unsupported: UnsupportedField[] = []
  const reportUnsupported = (field: string, path: string, feature: Feature, what: string) => {
    const others = findModels((model) => model.features[feature]) || 'none in the catalogue'
    unsupported.push({ field, path, message: `${info.id} has no ${what}; models that have it: ${others}` })
  }

  if (request.tools?.length && !features.tools) {
    delete request.tools
    delete request.toolChoice
    delete request.parallelToolCalls
    reportUnsupported('tools', 'tools', 'tools', 'function calling')
  }
  if (request.search !== undefined && !features.webSearch) {
    // A model without web search does what `false` asks for.
    if (request.search !== false) reportUnsupported('search', 'search', 'webSearch', 'web search')
    delete request.search
  }
  if (!features.contextCache || (info.cache && !info.cache.kinds.includes('explicit'))) {
    const marked = request.messages.flatMap((message, index) => cachePaths(message, request.places[index] ?? ''))
    if (marked.length > 0) request.messages = request.messages.map(withoutCache)
    for (const path of marked) reportUnsupported('cache', path, 'contextCache', 'context cache')
  }
  return [...unsupported, ...applyPartialLimits(request, info, thinking)]
}

/** Partial mode goes neither with tools nor with thinking, unless a model that always thinks has it. */
function applyPartialLimits(request: AdaptedRequest, info: ModelInfo, thinking: boolean): readonly UnsupportedField[] {
  const last = request.messages.at(-1)
  if (last?.role !== 'assistant' || !last.partial) return []
  const reason = partialReason(request, info, thinking)
  if (reason === undefined) return []
  const path = `${request.places.at(-1)}.partial`
  // Without the mark it would be an answer, and the service refuses to answer after one.
  request.messages = request.messages.slice(0, -1)
  request.places = request.places.slice(0, -1)
  return [{ field: 'partial', path, message: reason }]
}

function partialReason({ tools }: AdaptedRequest, info: ModelInfo, thinking: boolean): string | undefined {
  if (!info.features.partial) {
    return `${info.id} has no partial mode; models that have it: ${findModels((model) => model.features.partial)}`
  }
  if (tools?.length) return 'partial mode does not go with tools; leave the tools out'
  return thinking && info.thinking === 'optional'
    ? 'partial mode does not go with thinking; turn thinking off'
    : undefined
}

function withoutCache(message: Message): Message {
  const { role, content } = message
  if (typeof content === 'string' || role === 'assistant' || role === 'tool') return message
  return role === 'system'
    ? { ...message, content: content.map((part) => ({ ...part, cache: undefined })) }
    : { ...message, content: content.map((part) => ({ ...part, cache: undefined })) }
}

/**
 * Removes a forced choice while the model thinks: "tool_choice is one of the strings that should be ["none","auto"]"
 * (Model Studio, "Error messages"). The row of kimi-k3 allows `required` all the same.
 */
export function applyToolChoiceLimits(
  request: AdaptedRequest,
  info: ModelInfo,
  thinking: boolean,
): readonly UnsupportedField[] {
  const { toolChoice: choice } = request
  if (!thinking || choice === undefined || choice === 'auto' || choice === 'none') return []
  if (choice === 'required' && info.features.requiredToolChoice) return []
  delete request.toolChoice
  const forced = choice === 'required' ? '"required"' : 'the choice of one tool'
  const alternative = suggestAlternative(choice === 'required', info)
  const message = `${info.id} does not support ${forced} while it thinks; ${alternative}`
  return [{ field: 'toolChoice', path: 'toolChoice', message }]
}

function suggestAlternative(required: boolean, info: ModelInfo): string {
  if (info.thinking === 'optional') return 'it does with thinking: false'
  if (required) return `${findModels((model) => model.features.requiredToolChoice)} do`
  return `${findModels((model) => model.thinking !== 'always')} do with thinking: false`
}
