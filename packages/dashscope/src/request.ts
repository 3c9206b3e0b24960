import type { NativeService, PreparedRequest, SearchOptions, UnsupportedField, WireRequest } from '@dualscope/core'
import { encodeOptions, mediaHeaders, omitUndefined, type JsonObject } from '@dualscope/core/wire'

import { encodeMessage } from './message.ts'
import { serviceOf } from './service.ts'

/** The route of a request and the form of its answer. */
export interface NativeTarget {
  route: string
  stream: boolean
  incrementalOutput: boolean
}

/** The keys that are written for every request; those of the envelope would be lost among the parameters. */
const ownKeys = ['model', 'input', 'messages', 'result_format', 'incremental_output', 'stream']

/** Writes a request as the native services take it: messages under `input`, everything else under `parameters`. */
export function encodeRequest(
  request: PreparedRequest,
  { route, stream, incrementalOutput }: NativeTarget,
): WireRequest {
  const { model, messages, places } = request
  const service: NativeService = serviceOf(route)
  const unsupported: UnsupportedField[] = []
  return {
    headers: {
      ...(stream ? { accept: 'text/event-stream', 'x-dashscope-sse': 'enable' } : { accept: 'application/json' }),
      ...mediaHeaders(messages),
    },
    body: {
      model,
      input: {
        messages: messages.map((message, index) =>
          encodeMessage(message, service, places?.[index] ?? `messages[${index}]`, unsupported),
        ),
      },
      parameters: {
        // Without it text-generation answers in an older form, without reasoning and tool calls.
        result_format: 'message',
        ...(stream ? { incremental_output: incrementalOutput } : {}),
        ...encodeOptions(request, ownKeys),
        ...encodeSearch(request.search),
      },
    },
    unsupported,
  }
}

function encodeSearch(search: boolean | SearchOptions | undefined): JsonObject {
  if (search === undefined || search === false) return {}
  const { sources = true, ...options } = search === true ? {} : search
  return {
    search_options: omitUndefined({
      enable_source: sources,
      forced_search: options.forced,
      search_strategy: options.strategy,
      enable_search_extension: options.specializedSources,
      enable_citation: options.citations,
      citation_format: options.citationFormat,
      prepend_search_result: options.sourcesFirst,
      assigned_site_list: options.sites,
      freshness: options.freshness,
      intention_options: options.instruction === undefined ? undefined : { prompt_intervene: options.instruction },
    }),
  }
}
