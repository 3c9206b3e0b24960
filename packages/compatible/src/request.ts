import type { PreparedRequest, Unsupported, WireRequest } from '@dualscope/core'
import { encodePlainSettings, latePart, type JsonObject } from '@dualscope/core/wire'

/** What a request says, as `chat/completions` takes it. */
export interface Content {
  headers: Readonly<Record<string, string>>
  messages: readonly object[]
  options: JsonObject
  unsupported: readonly Unsupported[]
}

const loadContent = latePart(() => import('./content.ts'))

/** A request as `chat/completions` takes it; what writes more than words is loaded when it is needed. */
export function encodeRequest(
  request: PreparedRequest,
  { stream }: { stream: boolean },
): WireRequest | Promise<WireRequest> {
  if (!request.plain) return loadContent().then(({ encodeContent }) => put(encodeContent(request), request, stream))
  // They are written alike on both sides.
  const { messages } = request
  return put({ headers: {}, messages, options: encodePlainSettings(request), unsupported: [] }, request, stream)
}

/** Everything stands at the top of the body. */
function put(content: Content, { model }: PreparedRequest, stream: boolean): WireRequest {
  const { headers, messages, options, unsupported } = content
  return {
    headers: { accept: stream ? 'text/event-stream' : 'application/json', ...headers },
    body: {
      model,
      messages,
      // Without the option a stream tells no usage.
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...options,
    },
    unsupported,
  }
}
