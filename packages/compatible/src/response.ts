import type { ChatChunk, DecodedMessage, ServerSentEvent } from '@dualscope/core'
import {
  decodeFinishReason,
  decodeMessageText,
  decodeToolCalls,
  isJsonObject,
  isSilent,
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
  const choices = optionalList(body, 'choices', '')
  const choice = choices && findChoice(choices)
  if (isError(body, choice)) return { error: { status: undefined, body: stringifyJson(body) } }
  const usage = optionalObject(body, 'usage', '')
  // The chunk with the usage has an empty list of choices; some gateways leave it out or write null.
  if (!choices && !usage && !('choices' in body)) throw unknownShape(body, 'choices')
  return {
    id: optionalText(body, 'id', ''),
    requestId: optionalText(body, 'request_id', ''),
    model: optionalText(body, 'model', ''),
    usage: usage && decodeUsage(usage),
    ...(choice ? decodeChoice(choice) : {}),
  }
}

/** Reads an event of a streamed answer. An event without content is an empty chunk. Throws `protocol` for an unknown shape. */
export function decodeEvent({ event, data }: ServerSentEvent): DecodedMessage {
  // The protocol has no event names; gateways that translate from another one name their errors so.
  if (event === 'error') return { error: { status: undefined, body: data } }
  if (data.trim() === '') return {}
  const body = parseEvent(data)
  return isSilent(body) ? {} : decodeResponse(body)
}

/** Of several choices only the one with index 0 is the answer. */
function findChoice(choices: readonly unknown[]): JsonObject | undefined {
  for (const item of choices) {
    if (!isJsonObject(item)) throw unknownShape(item, `choices.${choices.indexOf(item)}`)
    if ((item['index'] ?? 0) === 0) return item
  }
  return undefined
}

/** In a stream nothing follows an error, and its status is not on the wire. Some gateways answer native errors with 200. */
function isError(body: JsonObject, choice: JsonObject | undefined): boolean {
  if (body['error']) return true
  if (choice?.['finish_reason'] === 'error' && choice['error']) return true
  const code = body['code'] ?? body['Code']
  return !body['choices'] && Boolean(code) && typeof (body['message'] ?? body['Message']) === 'string'
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
    text: decodeMessageText(message, 'content', messagePlace),
    reasoning: decodeMessageText(message, 'reasoning_content', messagePlace),
    toolCalls: decodeToolCalls(message, messagePlace),
    finishReason: end?.finishReason,
    rawFinishReason: end?.rawFinishReason,
    logprobs: logprobs ?? undefined,
  }
}
