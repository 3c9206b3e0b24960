import type { DecodedMessage, SearchSource, ServerSentEvent } from '@dualscope/core'
import {
  decodeFinishReason,
  decodeMessageText,
  decodeToolCalls,
  isSilent,
  isTooDeep,
  optionalList,
  optionalNumber,
  optionalObject,
  optionalText,
  parseEvent,
  requireObject,
  stringifyJson,
  unknownShape,
  type JsonObject,
} from '@dualscope/core/wire'

import { decodeUsage } from './usage.ts'

const choicePlace = 'output.choices.0'
const messagePlace = 'output.choices.0.message'
const searchPlace = 'output.search_info'
const silentEvents: ReadonlySet<string> = new Set(['done', 'heartbeat', 'ping'])

/** Reads a whole answer, or a frame of a streamed one. Throws `protocol` for an unknown shape. */
export function decodeResponse(value: unknown): DecodedMessage {
  const body = requireObject(value, '')
  if (isError(body)) return { error: { status: undefined, body: stringifyJson(body) } }
  const usage = optionalObject(body, 'usage', '')
  const output = optionalObject(body, 'output', '') ?? (usage || 'output' in body ? {} : undefined)
  if (!output) throw unknownShape(body, 'output')
  const choice = findChoice(optionalList(output, 'choices', 'output') ?? [])
  // A choice that ends with an error holds it itself.
  if (choice['finish_reason'] === 'error' && choice['error']) {
    return {
      error: { status: undefined, body: stringifyJson({ error: choice['error'], request_id: body['request_id'] }) },
    }
  }
  const message = optionalObject(choice, 'message', choicePlace) ?? {}
  // The older form of text-generation, which some models use whatever is asked, has text and reason in `output`.
  const end = decodeFinishReason(
    optionalText(choice, 'finish_reason', choicePlace) ?? optionalText(output, 'finish_reason', 'output'),
  )
  const { logprobs } = choice
  if (isTooDeep(logprobs)) throw unknownShape(logprobs, `${choicePlace}.logprobs`)
  const id = optionalText(body, 'request_id', '')
  return {
    id,
    requestId: id,
    text: decodeMessageText(message, 'content', messagePlace) ?? optionalText(output, 'text', 'output'),
    reasoning: decodeMessageText(message, 'reasoning_content', messagePlace),
    toolCalls: decodeToolCalls(message, messagePlace),
    finishReason: end?.finishReason,
    rawFinishReason: end?.rawFinishReason,
    usage: usage && decodeUsage(usage),
    logprobs: logprobs ?? undefined,
    sources: decodeSources(output),
  }
}

/** Reads a frame of a streamed answer. A frame without content is an empty chunk. Throws `protocol` for an unknown shape. */
export function decodeEvent({ event, data, comment }: ServerSentEvent): DecodedMessage {
  if (event === 'error') return { error: { status: statusIn(comment), body: data } }
  // The official SDKs skip these events of gateways (dashscope for Python and Java).
  if (data.trim() === '' || data.trim() === '[DONE]' || silentEvents.has(event ?? '')) return {}
  const body = parseEvent(data)
  return isSilent(body) ? {} : decodeResponse(body)
}

/** Of several choices only the one with index 0 is the answer. */
function findChoice(choices: readonly unknown[]): JsonObject {
  for (const item of choices) {
    const choice = requireObject(item, choicePlace)
    if ((choice['index'] ?? 0) === 0) return choice
  }
  return {}
}

/** Reads a frame that repeats all that came before. */
export function decodeCumulativeEvent(event: ServerSentEvent): DecodedMessage {
  const decoded = decodeEvent(event)
  if (!('error' in decoded)) decoded.cumulative = true
  return decoded
}

/** The outer status of a stream is always 200; the true one is in a comment. */
function statusIn(comment: string | undefined): number | undefined {
  const status = /^HTTP_STATUS\/(\d{3})$/m.exec(comment ?? '')?.[1]
  return status === undefined ? undefined : Number(status)
}

/** An error has a code where the output should be, also without its event name. */
function isError(body: JsonObject): boolean {
  const code = body['code'] ?? body['Code']
  return !body['output'] && (Boolean(body['error']) || (Boolean(code) && !isSuccess(code)))
}

/** Some gateways write the status of success as a code. */
function isSuccess(code: unknown): boolean {
  return /^(200|success|ok)$/i.test(String(code))
}

function decodeSources(output: JsonObject): SearchSource[] | undefined {
  const search = optionalObject(output, 'search_info', 'output')
  return (
    search &&
    optionalList(search, 'search_results', searchPlace)?.map((item, index) => {
      const place = `${searchPlace}.search_results.${index}`
      return decodeSource(requireObject(item, place), place)
    })
  )
}

function decodeSource(source: JsonObject, place: string): SearchSource {
  const siteName = optionalText(source, 'site_name', place)
  const icon = optionalText(source, 'icon', place)
  const index = optionalNumber(source, 'index', place)
  return {
    title: optionalText(source, 'title', place) ?? '',
    url: optionalText(source, 'url', place) ?? '',
    ...(siteName ? { siteName } : {}),
    ...(icon ? { icon } : {}),
    ...(index === undefined ? {} : { index }),
  }
}
