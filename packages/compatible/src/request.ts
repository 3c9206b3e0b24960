import type { PreparedRequest, SearchOptions, Unsupported, WireRequest } from '@dualscope/core'
import { encodeExtra, encodeParameters, mediaHeaders } from '@dualscope/core/wire'

import { encodeMessage } from './message.ts'

/** The body's keys that stand for no option of a request. */
const own = ['model', 'messages', 'stream', 'stream_options']

/** A request as `chat/completions` takes it: everything stands at the top of the body. */
export function encodeRequest(request: PreparedRequest, { stream }: { stream: boolean }): WireRequest {
  const unsupported: Unsupported[] = []
  const { search, ahead = 0 } = request
  return {
    headers: { accept: stream ? 'text/event-stream' : 'application/json', ...mediaHeaders(request.messages) },
    body: {
      model: request.model,
      messages: request.messages.map((message, index) =>
        encodeMessage(message, `messages[${index - ahead}]`, unsupported),
      ),
      // Without the option a stream tells no usage.
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
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

function encodeSearch(search: SearchOptions, unsupported: Unsupported[]): object {
  for (const field of nativeOnly) {
    if (search[field] === undefined || search[field] === false) continue
    const message = 'chat/completions does not take it and returns no sources; the dashscope protocol does'
    unsupported.push({ field, path: `search.${field}`, message })
  }
  const options = {
    ...(search.forced === undefined ? {} : { forced_search: search.forced }),
    ...(search.strategy === undefined ? {} : { search_strategy: search.strategy }),
    ...(search.extension === undefined ? {} : { enable_search_extension: search.extension }),
  }
  return Object.keys(options).length > 0 ? { search_options: options } : {}
}
