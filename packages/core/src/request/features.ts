import type { Unsupported } from '../codec.ts'
import type { Message } from '../chat/message.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { findModels } from '../models/catalogue.ts'
import type { FittedRequest } from './prepare.ts'

type Feature = keyof ModelInfo['features']

/** Takes out of the request what the model's row in the feature table denies, and names the models that have it. */
export function fitFeatures(request: FittedRequest, info: ModelInfo, thinks: boolean): readonly Unsupported[] {
  const { features } = info
  const unsupported: Unsupported[] = []
  const refuse = (field: string, path: string, feature: Feature, what: string) => {
    const others = findModels((model) => model.features[feature]) || 'none in the catalogue'
    unsupported.push({ field, path, message: `${info.id} has no ${what}; models that have it: ${others}` })
  }

  if (request.tools?.length && !features.tools) {
    delete request.tools
    delete request.toolChoice
    delete request.parallelToolCalls
    refuse('tools', 'tools', 'tools', 'function calling')
  }
  if (request.output !== undefined && !features.structuredOutput) {
    delete request.output
    refuse('output', 'output', 'structuredOutput', 'structured output')
  }
  if (request.search !== undefined && !features.webSearch) {
    // Not to search is what the model does by nature.
    if (request.search !== false) refuse('search', 'search', 'webSearch', 'web search')
    delete request.search
  }
  if (!features.contextCache) {
    const marked = request.messages.flatMap(cachePaths)
    if (marked.length > 0) request.messages = request.messages.map(withoutCache)
    for (const path of marked) refuse('cache', path, 'contextCache', 'context cache')
  }
  return [...unsupported, ...fitPartial(request, info, thinks)]
}

/** Partial mode goes neither with tools nor with thinking, unless a model that always thinks has it. */
function fitPartial(request: FittedRequest, info: ModelInfo, thinks: boolean): readonly Unsupported[] {
  const last = request.messages.at(-1)
  if (last?.role !== 'assistant' || !last.partial) return []
  const reason = partialReason(request, info, thinks)
  if (reason === undefined) return []
  // Without the mark it would be an answer, after which the service refuses to answer.
  request.messages = request.messages.slice(0, -1)
  return [{ field: 'partial', path: `messages[${request.messages.length}].partial`, message: reason }]
}

function partialReason({ tools }: FittedRequest, info: ModelInfo, thinks: boolean): string | undefined {
  if (!info.features.partial) {
    return `${info.id} has no partial mode; models that have it: ${findModels((model) => model.features.partial)}`
  }
  if (tools?.length) return 'partial mode does not go with tools; leave the tools out'
  return thinks && info.thinking === 'optional'
    ? 'partial mode does not go with thinking; turn thinking off'
    : undefined
}

function cachePaths({ content }: Message, index: number): string[] {
  if (typeof content === 'string') return []
  return content.flatMap((part, place) => (part.cache ? [`messages[${index}].content[${place}].cache`] : []))
}

function withoutCache(message: Message): Message {
  const { role, content } = message
  if (typeof content === 'string' || role === 'assistant' || role === 'tool') return message
  return role === 'system'
    ? { ...message, content: content.map((part) => ({ ...part, cache: undefined })) }
    : { ...message, content: content.map((part) => ({ ...part, cache: undefined })) }
}
