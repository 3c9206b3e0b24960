import type { ToolCallPiece } from '../chat/chunk.ts'
import type { FinishReason, Usage } from '../chat/result.ts'
import { isJsonObject, isList, type JsonObject } from '../json.ts'
import { optionalList, optionalNumber, optionalObject, optionalText, requireObject, stringifyJson } from './read.ts'

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ['stop', 'stop'],
  ['length', 'length'],
  ['tool_calls', 'tool-calls'],
  // The older word of the compatible protocol, which some gateways still write.
  ['function_call', 'tool-calls'],
])

/** Reads the finish reason of an answer. "Not yet" is null in one protocol and the string "null" in the other. */
export function decodeFinishReason(
  raw: string | undefined,
): { finishReason: FinishReason; rawFinishReason: string } | undefined {
  if (raw === undefined || raw === '' || raw === 'null') return undefined
  return { finishReason: reasons.get(raw) ?? 'other', rawFinishReason: raw }
}

/**
 * Reads a text field of a message, which may be a list of parts: multimodal-generation answers so, and gateways before
 * `chat/completions` do (hermes-agent 94905, meilisearch 6123). Parts without text say nothing here. Throws `protocol` for another shape.
 */
export function decodeMessageText(message: JsonObject, field: string, place: string): string | undefined {
  const value = message[field]
  if (!isList(value)) return optionalText(message, field, place)
  const texts = value.map((part, index) => {
    const partPlace = `${place}.${field}.${index}`
    return optionalText(requireObject(part, partPlace), 'text', partPlace) ?? ''
  })
  return texts.join('')
}

/**
 * Reads the `tool_calls` of a message, whole or in pieces. A whole answer may leave the index out, so the position counts.
 * Throws `protocol` for an unknown shape; `place` is that of the message.
 */
export function decodeToolCalls(message: JsonObject, place: string): ToolCallPiece[] | undefined {
  return optionalList(message, 'tool_calls', place)?.map((item, position) => {
    const callPlace = `${place}.tool_calls.${position}`
    const call = requireObject(item, callPlace)
    const called = optionalObject(call, 'function', callPlace)
    return {
      index: optionalNumber(call, 'index', callPlace) ?? position,
      id: optionalText(call, 'id', callPlace),
      name: called && optionalText(called, 'name', `${callPlace}.function`),
      arguments: called && decodeArguments(called, `${callPlace}.function`),
    }
  })
}

/** Some servers write the arguments as an object instead of its text (llama.cpp 20198, text-generation-inference 2136). */
function decodeArguments(called: JsonObject, place: string): string | undefined {
  const { arguments: value } = called
  return isJsonObject(value) ? stringifyJson(value) : optionalText(called, 'arguments', place)
}

/** Reads which cache the details of an input name: `ephemeral` is what a mark writes; the service's own has no name. */
export function decodeCacheType(details: JsonObject, place: string): Usage['cacheType'] {
  return optionalText(details, 'cache_type', place) === 'ephemeral' ? 'explicit' : undefined
}
