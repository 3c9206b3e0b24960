import type { PreparedRequest, SearchOptions, Unsupported } from '@dualscope/core'
import type { JsonObject } from '@dualscope/core/wire'
import { encodeExtra, encodeParameters, given, mediaHeaders } from '@dualscope/core/wire/encode'

import { encodeMessage } from './message.ts'
import type { Content } from './request.ts'

/** The body's keys that stand for no option of a request. */
const own = ['model', 'messages', 'stream', 'stream_options']

/** All that a request can say. */
export function encodeContent(request: PreparedRequest): Content {
  const unsupported: Unsupported[] = []
  const { search, ahead = 0 } = request
  return {
    headers: mediaHeaders(request.messages),
    messages: request.messages.map((message, index) =>
      encodeMessage(message, `messages[${index - ahead}]`, unsupported),
    ),
    options: {
      ...encodeParameters(request),
      ...(search === undefined ? {} : { enable_search: search !== false }),
      ...(typeof search === 'object' ? encodeSearch(search, unsupported) : {}),
      ...encodeExtra(request.extra, own),
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

function encodeSearch(search: SearchOptions, unsupported: Unsupported[]): JsonObject {
  for (const field of nativeOnly) {
    if (search[field] === undefined || search[field] === false) continue
    const message = 'chat/completions does not take it and returns no sources; the dashscope protocol does'
    unsupported.push({ field, path: `search.${field}`, message })
  }
  const { forced, strategy, extension } = search
  const options = given({
    forced_search: forced,
    search_strategy: strategy,
    enable_search_extension: extension,
  })
  return Object.keys(options).length > 0 ? { search_options: options } : {}
}
