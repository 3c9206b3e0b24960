import type { Decoded, SearchSource, ServerEvent } from '@dualscope/core'
import { decodeFinishReason, decodeToolCalls, parseEvent, unknownShape, writeJson } from '@dualscope/core/wire'

import { misplaced } from './guard.ts'
import type { WireGeneration, WireSearchResult } from './schema.ts'
import { decodeUsage } from './usage.ts'

/** A whole answer, or a frame of a streamed one. */
export function decodeResponse(body: unknown): Decoded {
  if (isRefusal(body)) return { refusal: { status: undefined, body: writeJson(body) } }
  const { output, usage, request_id: requestId } = read(body)
  const choice = output.choices?.[0]
  const content = choice?.message?.content ?? output.text
  const end = decodeFinishReason(choice?.finish_reason ?? output.finish_reason)
  const id = requestId ?? undefined
  // Of one shape, whatever a frame brings: it stays quick to read.
  return {
    id,
    requestId: id,
    text: Array.isArray(content) ? joined(content) : (content ?? undefined),
    reasoning: choice?.message?.reasoning_content ?? undefined,
    toolCalls: decodeToolCalls(choice?.message?.tool_calls),
    finishReason: end?.finishReason,
    rawFinishReason: end?.rawFinishReason,
    usage: usage ? decodeUsage(usage) : undefined,
    logprobs: choice?.logprobs ?? undefined,
    sources: output.search_info?.search_results?.map(decodeSource),
  }
}

/** The text of an answer in parts, which is nearly always one. */
function joined(parts: readonly { text?: string | null | undefined }[]): string {
  return parts.length === 1 ? (parts[0]?.text ?? '') : parts.map(({ text }) => text ?? '').join('')
}

/** A frame of a streamed answer. */
export function decodeEvent({ event, data, comment }: ServerEvent): Decoded {
  if (event === 'error') return { refusal: { status: statusIn(comment), body: data } }
  return decodeResponse(parseEvent(data))
}

/** A frame that repeats all that came before. */
export function decodeCumulativeEvent(event: ServerEvent): Decoded {
  const decoded = decodeEvent(event)
  if (!('refusal' in decoded)) decoded.cumulative = true
  return decoded
}

/** The outer status of a stream is 200 whatever happens: the true one stands in a comment. */
function statusIn(comment: string | undefined): number | undefined {
  const status = /^HTTP_STATUS\/(\d{3})$/m.exec(comment ?? '')?.[1]
  return status === undefined ? undefined : Number(status)
}

/** A refusal is known by a code where the output should be, also without its event name. */
function isRefusal(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || ('output' in body && body.output)) return false
  return 'error' in body || ('code' in body && Boolean(body.code))
}

function decodeSource({ title, url, site_name: siteName, icon, index }: WireSearchResult): SearchSource {
  return {
    title: title ?? '',
    url: url ?? '',
    ...(siteName ? { siteName } : {}),
    ...(icon ? { icon } : {}),
    ...(typeof index === 'number' ? { index } : {}),
  }
}

function read(body: unknown): WireGeneration {
  const place = misplaced(body)
  if (place !== undefined) throw unknownShape(body, place)
  // The guard is compiled from its schema.
  return body as WireGeneration
}
