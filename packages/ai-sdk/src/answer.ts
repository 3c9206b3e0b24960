import type {
  JSONValue,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4Source,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider'
import type { ChatResult } from '@dualscope/core'

/** Returns a whole answer as content, in the order in which a stream shows it. */
export function toContent(result: ChatResult<unknown>): LanguageModelV4Content[] {
  const { reasoning, text, toolCalls } = result
  return [
    ...(reasoning === '' ? [] : [{ type: 'reasoning' as const, text: reasoning }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...toolCalls.map(({ id, name: toolName, arguments: input }) => {
      return { type: 'tool-call' as const, toolCallId: toToolCallId(id), toolName, input }
    }),
    ...toSources(result),
  ]
}

/** A call must have an id that is unique; some deployments send none. */
export function toToolCallId(id: string): string {
  return id || `call_${crypto.randomUUID()}`
}

/** Returns the pages that web search found. */
export function toSources({ id, sources = [] }: ChatResult<unknown>): LanguageModelV4Source[] {
  return sources.map(({ url, title, ...details }, index) => ({
    type: 'source',
    sourceType: 'url',
    id: `${id}-${index}`,
    url,
    title,
    ...(Object.keys(details).length > 0 && { providerMetadata: { dualscope: details } }),
  }))
}

/** Returns why the answer ended, in the AI SDK's word and in the service's. */
export function toFinishReason({ finishReason, rawFinishReason }: ChatResult<unknown>): LanguageModelV4FinishReason {
  const filtered = finishReason === 'other' && rawFinishReason === 'content_filter'
  return { unified: filtered ? 'content-filter' : finishReason, raw: rawFinishReason || undefined }
}

/** Returns the metadata that the AI SDK has no field for. */
export function toProviderMetadata({ protocol, requestId, logprobs }: ChatResult<unknown>): SharedV4ProviderMetadata {
  return {
    dualscope: {
      protocol,
      ...(requestId !== undefined && { requestId }),
      // As it came: data of JSON.
      ...(logprobs !== undefined && { logprobs: logprobs as JSONValue }),
    },
  }
}
