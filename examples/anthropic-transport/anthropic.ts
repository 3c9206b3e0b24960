// A third transport: the Anthropic-shaped messages that Model Studio serves under /apps/anthropic, as a codec.
import {
  createTransport,
  type ChatChunk,
  type Codec,
  type FinishReason,
  type PreparedRequest,
  type Transport,
  type TransportOptions,
  type UnsupportedField,
} from '@dualscope/core'
import {
  checkExtra,
  decodeServiceError,
  mediaHeaders,
  parseEvent,
  wireReader,
  type JsonObject,
} from '@dualscope/core/wire'
import * as z from 'zod/mini'

/** `max_tokens` is required there. */
export const defaultMaxTokens = 8192

// Fields that the protocol does not support, or does not keep unchanged: it parses the arguments of calls.
const noPlace = [
  'maxCompletionTokens',
  'presencePenalty',
  'repetitionPenalty',
  'seed',
  'logprobs',
  'tools',
  'toolChoice',
  'parallelToolCalls',
  'output',
  'search',
] as const satisfies (keyof PreparedRequest)[]

type Part = Exclude<PreparedRequest['messages'][number]['content'], string>[number]

function encodePart(part: Part, path: string, unsupported: UnsupportedField[]): JsonObject[] {
  const mark = part.cache ? { cache_control: { type: 'ephemeral' } } : {}
  if (part.type === 'text') return [{ type: 'text', text: part.text, ...mark }]
  if (part.type === 'image') return [{ type: 'image', source: { type: 'url', url: part.image }, ...mark }]
  unsupported.push({ field: part.type, path, message: `messages have no ${part.type}; chat/completions has` })
  return []
}

function encodeContent(
  { content }: PreparedRequest['messages'][number],
  path: string,
  unsupported: UnsupportedField[],
) {
  const parts: readonly Part[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content
  return parts.flatMap((part, index) => encodePart(part, `${path}.content[${index}]`, unsupported))
}

function encodeRequest(request: PreparedRequest, { stream }: { stream: boolean }) {
  const { messages, thinking, stop, extra, places } = request
  const unsupported: UnsupportedField[] = []
  const refuse = (field: string, path = field) =>
    unsupported.push({ field, path, message: `anthropic messages have no place for ${field}; chat/completions has` })
  for (const field of noPlace) if (request[field] !== undefined) refuse(field)
  for (const field of ['preserve', 'effort'] as const)
    if (thinking[field] !== undefined) refuse(field, `thinking.${field}`)
  const system: JsonObject[] = []
  const turns: JsonObject[] = []
  for (const [index, message] of messages.entries()) {
    const path = places?.[index] ?? `messages[${index}]`
    const content = encodeContent(message, path, unsupported)
    if (message.role === 'tool' || ('toolCalls' in message && message.toolCalls?.length)) refuse('toolCalls', path)
    else if (message.role === 'system') system.push(...content)
    else if (message.role === 'assistant' && message.reasoning !== undefined) {
      turns.push({ role: 'assistant', content: [{ type: 'thinking', thinking: message.reasoning }, ...content] })
    } else turns.push({ role: message.role, content })
  }
  const { enable, budget } = thinking
  const body: JsonObject = { model: request.model, max_tokens: request.maxTokens ?? defaultMaxTokens, messages: turns }
  if (stream) body['stream'] = true
  if (system.length > 0) body['system'] = system
  if (enable === false) body['thinking'] = { type: 'disabled' }
  else if (enable || budget !== undefined) body['thinking'] = { type: 'enabled', budget_tokens: budget }
  if (request.temperature !== undefined) body['temperature'] = request.temperature
  if (request.topP !== undefined) body['top_p'] = request.topP
  if (request.topK !== undefined) body['top_k'] = request.topK
  if (stop !== undefined) body['stop_sequences'] = typeof stop === 'string' ? [stop] : stop
  const headers = { accept: stream ? 'text/event-stream' : 'application/json', ...mediaHeaders(messages) }
  return { headers, body: { ...body, ...checkExtra(extra, [...Object.keys(body), 'system']) }, unsupported }
}

const block = z.object({ type: z.string(), text: z.nullish(z.string()), thinking: z.nullish(z.string()) })
const count = z.nullish(z.number())
const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
})
const end = { stop_reason: z.nullish(z.string()) }
const message = z.object({
  id: z.string(),
  model: z.string(),
  content: z.array(block),
  usage: z.nullish(usage),
  ...end,
})
const event = z.object({
  type: z.string(),
  message: z.optional(message),
  delta: z.optional(z.object({ text: z.nullish(z.string()), thinking: z.nullish(z.string()), ...end })),
  usage: z.nullish(usage),
})

const readMessage = wireReader(message)
const readEvent = wireReader(event)

const reasons: ReadonlyMap<string, FinishReason> = new Map([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
])

function decodeEnd(reason: string | null | undefined, wire: z.infer<typeof usage> | null | undefined): ChatChunk {
  const { input_tokens: inputTokens = 0, output_tokens: outputTokens = 0 } = wire ?? {}
  const cached = wire?.cache_read_input_tokens
  const written = wire?.cache_creation_input_tokens
  const decoded = wire && {
    inputTokens: inputTokens ?? 0,
    outputTokens: outputTokens ?? 0,
    totalTokens: (inputTokens ?? 0) + (outputTokens ?? 0),
    ...(cached == null ? {} : { cachedTokens: cached }),
    ...(written == null ? {} : { cacheWriteTokens: written }),
  }
  return {
    ...(reason ? { finishReason: reasons.get(reason) ?? 'other', rawFinishReason: reason } : {}),
    usage: decoded ?? undefined,
  }
}

function isError(body: unknown) {
  return typeof body === 'object' && body !== null && 'error' in body
}

/** Anthropic-shaped messages as pure functions. */
export const codec: Codec = {
  protocol: 'anthropic',
  routes: () => ['/apps/anthropic/v1/messages'],
  encodeRequest,
  decodeResponse(body) {
    if (isError(body)) return { error: { status: undefined, body: JSON.stringify(body) } }
    const { id, model, content, stop_reason: reason, usage: wireUsage } = readMessage(body)
    const joined = (key: 'text' | 'thinking') => content.map((each) => each[key] ?? '').join('')
    return { id, model, text: joined('text'), reasoning: joined('thinking'), ...decodeEnd(reason, wireUsage) }
  },
  decodeEvent({ data }) {
    const body = parseEvent(data)
    if (isError(body)) return { error: { status: undefined, body: data } }
    const { message: start, delta, usage: wireUsage } = readEvent(body)
    if (start) return { id: start.id, model: start.model }
    return {
      text: delta?.text ?? undefined,
      reasoning: delta?.thinking ?? undefined,
      ...decodeEnd(delta?.stop_reason, wireUsage),
    }
  },
  decodeError: decodeServiceError,
}

/** Carries chats as Anthropic-shaped messages. */
export function anthropic(options?: TransportOptions): Transport {
  return createTransport(codec, options)
}
