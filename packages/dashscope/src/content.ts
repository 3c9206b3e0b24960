import type { NativeService, PreparedRequest, SearchOptions, Unsupported } from '@dualscope/core'
import type { JsonObject } from '@dualscope/core/wire'
import { encodeExtra, encodeParameters, given, mediaHeaders } from '@dualscope/core/wire/encode'

import { encodeMessage } from './message.ts'
import type { Content } from './request.ts'

/** The keys that are written for every request; those of the envelope would be lost among the parameters. */
const own = ['model', 'input', 'messages', 'result_format', 'incremental_output', 'stream']

/** All that a request can say. */
export function encodeContent(request: PreparedRequest, service: NativeService): Content {
  const unsupported: Unsupported[] = []
  const { search, ahead = 0 } = request
  return {
    headers: mediaHeaders(request.messages),
    messages: request.messages.map((message, index) =>
      encodeMessage(message, service, `messages[${index - ahead}]`, unsupported),
    ),
    parameters: {
      ...encodeParameters(request),
      ...(search === undefined ? {} : { enable_search: search !== false }),
      ...(search === undefined || search === false ? {} : encodeSearch(search === true ? {} : search)),
      ...encodeExtra(request.extra, own),
    },
    unsupported,
  }
}

function encodeSearch({ sources = true, ...search }: SearchOptions): JsonObject {
  return {
    search_options: given({
      enable_source: sources,
      forced_search: search.forced,
      search_strategy: search.strategy,
      enable_search_extension: search.extension,
      enable_citation: search.citations,
      citation_format: search.citationFormat,
      prepend_search_result: search.sourcesFirst,
      assigned_site_list: search.sites,
      freshness: search.freshness,
      intention_options: search.instruction === undefined ? undefined : { prompt_intervene: search.instruction },
    }),
  }
}
