import type { NativeService, PreparedRequest, Unsupported, WireRequest } from '@dualscope/core'
import { encodePlainSettings, latePart, type JsonObject } from '@dualscope/core/wire'

import type { NativeMessage } from './message.ts'
import { serviceOf } from './service.ts'

/** What a request says, as the native services take it. */
export interface Content {
  headers: Readonly<Record<string, string>>
  messages: readonly NativeMessage[]
  parameters: JsonObject
  unsupported: readonly Unsupported[]
}

/** Where a request goes and how its answer shall come. */
export interface NativeTarget {
  route: string
  stream: boolean
  incrementalOutput: boolean
}

const loadContent = latePart(() => import('./content.ts'))

/** A request as the native services take it; what writes more than words is loaded when it is needed. */
export function encodeRequest(request: PreparedRequest, target: NativeTarget): WireRequest | Promise<WireRequest> {
  const service = serviceOf(target.route)
  if (!request.plain) {
    return loadContent().then(({ encodeContent }) => put(encodeContent(request, service), request, target, service))
  }
  const messages = request.messages.map(({ role, content }) => ({ role, content }))
  const content = { headers: {}, messages, parameters: encodePlainSettings(request), unsupported: [] }
  return put(content, request, target, service)
}

/** Messages stand under `input`, everything else under `parameters`. */
function put(
  { headers, messages, parameters, unsupported }: Content,
  { model }: PreparedRequest,
  { stream, incrementalOutput }: NativeTarget,
  service: NativeService,
): WireRequest {
  return {
    headers: {
      ...(stream ? { accept: 'text/event-stream', 'x-dashscope-sse': 'enable' } : { accept: 'application/json' }),
      ...headers,
    },
    body: {
      model,
      input: { messages: service === 'text-generation' ? messages : messages.map(inParts) },
      parameters: {
        // Without it text-generation answers in an older form, which has no place for reasoning and tool calls.
        result_format: 'message',
        ...(stream ? { incremental_output: incrementalOutput } : {}),
        ...parameters,
      },
    },
    unsupported,
  }
}

/** multimodal-generation: every content is an array of parts, also for plain text; what says nothing is an empty one. */
function inParts(message: NativeMessage): NativeMessage {
  const { content } = message
  if (typeof content !== 'string') return message
  return { ...message, content: content === '' ? [] : [{ text: content }] }
}
