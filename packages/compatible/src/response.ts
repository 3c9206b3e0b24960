import type { ChatChunk, DecodedMessage, ServerSentEvent } from '@dualscope/core'
import {
  decodeFinishReason,
  decodeToolCalls,
  isTooDeep,
  optionalList,
  optionalObject,
  optionalText,
  parseEvent,
  requireObject,
  stringifyJson,
  unknownShape,
  type JsonObject,
} from '@dualscope/core/wire'

import { decodeUsage } from './usage.ts'

/** Reads a whole answer, or a chunk of a streamed one. Throws `protocol` for an unknown shape. */
export function decodeResponse(value: unknown): DecodedMessage {
  const body = requireObject(value, '')
  // In a stream nothing follows an error, and its status is not on the wire.
  if (body['error']) return { error: { status: undefined, body: stringifyJson(body) } }
  const choices = optionalList(body, 'choices', '')
  if (!choices) throw unknownShape(body, 'choices')
  const usage = optionalObject(body, 'usage', '')
  return {
    id: optionalText(body, 'id', ''),
    requestId: optionalText(body, 'request_id', ''),
    model: optionalText(body, 'model', ''),
    usage: usage && decodeUsage(usage),
    // The chunk with the usage has no choices.
    ...(choices.length > 0 ? decodeChoice(requireObject(choices[0], 'choices.0')) : {}),
  }
}

/** Reads an event of a streamed answer. Throws `protocol` for an unknown shape. */
export function decodeEvent({ data }: ServerSentEvent): DecodedMessage {
  return decodeResponse(parseEvent(data))
}

function decodeChoice(choice: JsonObject): ChatChunk {
  const place = 'choices.0'
  const end = decodeFinishReason(optionalText(choice, 'finish_reason', place))
  const { logprobs } = choice
  if (isTooDeep(logprobs)) throw unknownShape(logprobs, `${place}.logprobs`)
  const field = choice['message'] ? 'message' : 'delta'
  const message = optionalObject(choice, field, place) ?? {}
  const messagePlace = `choices.0.${field}`
  return {
    text: optionalText(message, 'content', messagePlace),
    reasoning: optionalText(message, 'reasoning_content', messagePlace),
    toolCalls: decodeToolCalls(message, messagePlace),
    finishReason: end?.finishReason,
    rawFinishReason: end?.rawFinishReason,
    logprobs: logprobs ?? undefined,
  }
}
