import type { PreparedRequest, SearchOptions, Unsupported, WireRequest } from '@dualscope/core'
import { encodeExtra, encodeParameters, mediaHeaders } from '@dualscope/core/wire'

import { encodeMessage } from './message.ts'
import { serviceOf } from './service.ts'

/** The keys that are written for every request; those of the envelope would be lost among the parameters. */
const own = ['model', 'input', 'messages', 'result_format', 'incremental_output', 'stream']

/** A request as the native services take it: messages under `input`, everything else under `parameters`. */
export function encodeRequest(
  request: PreparedRequest,
  { route, stream, incrementalOutput }: { route: string; stream: boolean; incrementalOutput: boolean },
): WireRequest {
  const service = serviceOf(route)
  const unsupported: Unsupported[] = []
  const { search, ahead = 0 } = request
  const messages = request.messages.map((message, index) =>
    encodeMessage(message, service, `messages[${index - ahead}]`, unsupported),
  )
  return {
    headers: {
      ...(stream ? { accept: 'text/event-stream', 'x-dashscope-sse': 'enable' } : { accept: 'application/json' }),
      ...mediaHeaders(request.messages),
    },
    body: {
      model: request.model,
      input: { messages },
      parameters: {
        // Without it text-generation answers in an older form, which has no place for reasoning and tool calls.
        result_format: 'message',
        ...(stream ? { incremental_output: incrementalOutput } : {}),
        ...encodeParameters(request),
        ...(search === undefined ? {} : { enable_search: search !== false }),
        ...(search === undefined || search === false ? {} : encodeSearch(search === true ? {} : search)),
        ...encodeExtra(request.extra, own),
      },
    },
    unsupported,
  }
}

function encodeSearch({ sources = true, ...search }: SearchOptions): object {
  return {
    search_options: {
      enable_source: sources,
      ...(search.forced === undefined ? {} : { forced_search: search.forced }),
      ...(search.strategy === undefined ? {} : { search_strategy: search.strategy }),
      ...(search.extension === undefined ? {} : { enable_search_extension: search.extension }),
      ...(search.citations === undefined ? {} : { enable_citation: search.citations }),
      ...(search.citationFormat === undefined ? {} : { citation_format: search.citationFormat }),
      ...(search.sourcesFirst === undefined ? {} : { prepend_search_result: search.sourcesFirst }),
      ...(search.sites === undefined ? {} : { assigned_site_list: search.sites }),
      ...(search.freshness === undefined ? {} : { freshness: search.freshness }),
      ...(search.instruction === undefined ? {} : { intention_options: { prompt_intervene: search.instruction } }),
    },
  }
}
