import type { PreparedRequest, SearchOptions, UnsupportedField, WireRequest } from '@dualscope/core'
import { encodeOptions, mediaHeaders, omitUndefined, type JsonObject } from '@dualscope/core/wire'

import { encodeMessage } from './message.ts'

/** The keys of the body that stand for no option of a request. */
const ownKeys = ['model', 'messages', 'stream', 'stream_options']

/** Writes a request for `chat/completions`. Lists the fields that it does not support and leaves them out. */
export function encodeRequest(request: PreparedRequest, { stream }: { stream: boolean }): WireRequest {
  const { model, messages, search, places } = request
  const unsupported: UnsupportedField[] = []
  return {
    headers: { accept: stream ? 'text/event-stream' : 'application/json', ...mediaHeaders(messages) },
    body: {
      model,
      messages: messages.map((message, index) =>
        encodeMessage(message, places?.[index] ?? `messages[${index}]`, unsupported),
      ),
      // Without the option a stream states no usage.
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...encodeOptions(request, ownKeys),
      ...(typeof search === 'object' ? encodeSearch(search, unsupported) : {}),
    },
    unsupported,
  }
}

/** The options of a search that only the native protocol has. */
const nativeOnly = [
  'sources',
  'citations',
  'citationFormat',
  'sourcesFirst',
  'sites',
  'freshness',
  'instruction',
] as const satisfies (keyof SearchOptions)[]

function encodeSearch(search: SearchOptions, unsupported: UnsupportedField[]): JsonObject {
  for (const field of nativeOnly) {
    if (search[field] === undefined || search[field] === false) continue
    const message = 'chat/completions does not support it and returns no sources; the dashscope protocol does'
    unsupported.push({ field, path: `search.${field}`, message })
  }
  const { forced, strategy, specializedSources } = search
  const options = omitUndefined({
    forced_search: forced,
    search_strategy: strategy,
    enable_search_extension: specializedSources,
  })
  return Object.keys(options).length > 0 ? { search_options: options } : {}
}
