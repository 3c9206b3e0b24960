import type { Decoded, ServerEvent } from '@dualscope/core'
import { decodeFinishReason, decodeToolCalls, parseEvent, unknownShape, writeJson } from '@dualscope/core/wire'

import { misplaced } from './guard.ts'
import type { WireCompletion } from './schema.ts'
import { decodeUsage } from './usage.ts'

/** A whole answer, or a chunk of a streamed one. */
export function decodeResponse(body: unknown): Decoded {
  if (isRefusal(body)) return { refusal: { status: undefined, body: writeJson(body) } }
  const wire = read(body)
  // The chunk that tells the usage has no choices.
  const choice = wire.choices[0]
  const message = choice?.message ?? choice?.delta
  const end = decodeFinishReason(choice?.finish_reason)
  // Of one shape, whatever a chunk brings: it stays quick to read.
  return {
    id: wire.id ?? undefined,
    requestId: wire.request_id ?? undefined,
    model: wire.model ?? undefined,
    text: message?.content ?? undefined,
    reasoning: message?.reasoning_content ?? undefined,
    toolCalls: decodeToolCalls(message?.tool_calls),
    finishReason: end?.finishReason,
    rawFinishReason: end?.rawFinishReason,
    usage: wire.usage ? decodeUsage(wire.usage) : undefined,
    logprobs: choice?.logprobs ?? undefined,
  }
}

/** An event of a streamed answer. */
export function decodeEvent({ data }: ServerEvent): Decoded {
  return decodeResponse(parseEvent(data))
}

/** After a refusal in a stream nothing follows, and its status is not on the wire. */
function isRefusal(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body && Boolean(body.error)
}

function read(body: unknown): WireCompletion {
  const place = misplaced(body)
  if (place !== undefined) throw unknownShape(body, place)
  // The guard is compiled from its schema.
  return body as WireCompletion
}
