/** A transport around another client: the `openai` package speaks to Model Studio, Dualscope's client speaks to it. */
import {
  ApiError,
  type AssistantMessage,
  type CallOptions,
  type ChatChunk,
  type ContentPart,
  DualscopeError,
  type Message,
  type Transport,
  type TransportOptions,
  type TransportRequest,
  type Usage,
} from '@dualscope/core'
import { decodeServiceError } from '@dualscope/core/wire'
import OpenAI from 'openai'

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming & {
  enable_thinking?: boolean
  thinking_budget?: number
  top_k?: number
}
type Part = OpenAI.ChatCompletionContentPart
/** The fields that Model Studio adds to OpenAI's answers. */
type Reasoning = { reasoning_content?: string | null }

const host = 'https://dashscope.aliyuncs.com'

/** Creates a transport around the `openai` package. */
export function openaiTransport(options: TransportOptions = {}): Transport {
  const { apiKey, fetch = globalThis.fetch, timeout = 300_000, retries = 2 } = options
  let key = ''
  const base = String(options.baseUrl ?? host).replace(/\/+$/, '')
  // Duty "request": key, address and headers of the options, and nothing of the environment.
  const client = new OpenAI({
    apiKey: async () => (key = typeof apiKey === 'function' ? await apiKey() : (apiKey ?? '')),
    baseURL: `${base.replace(/\/(compatible-mode|api)\/v1$/, '')}/compatible-mode/v1`,
    defaultHeaders: toInit(options.headers),
    timeout,
    maxRetries: retries,
    fetch: async (input, init) => checkRedirect(await fetch(input, { ...init, redirect: 'manual' })),
  })
  return {
    protocol: 'openai',
    async send(request, call = {}) {
      const body = encode(request)
      try {
        const { data, request_id: requestId } = await client.chat.completions
          .create(body, callOptions(call))
          .withResponse()
        if (!Array.isArray(data.choices)) throw unknownShape(data)
        const [choice] = data.choices
        const { message } = choice ?? {}
        return {
          ...about(data, requestId),
          text: message?.content ?? '',
          reasoning: (message as Reasoning | undefined)?.reasoning_content ?? undefined,
          toolCalls: message?.tool_calls?.map(readCall),
          ...readEnd(choice?.finish_reason),
          usage: readUsage(data.usage),
        }
      } catch (error) {
        throw explain(error, call, key)
      }
    },
    async *stream(request, call = {}) {
      let hasBegun = false
      const body = { ...encode(request), stream: true as const, stream_options: { include_usage: true } }
      try {
        const { data, request_id: requestId } = await client.chat.completions
          .create(body, callOptions(call))
          .withResponse()
        for await (const chunk of data) {
          const [choice] = chunk.choices ?? []
          const delta: (typeof choice & object)['delta'] & Reasoning = choice?.delta ?? {}
          hasBegun = true
          yield [
            {
              ...about(chunk, requestId),
              text: delta.content ?? undefined,
              reasoning: delta.reasoning_content ?? undefined,
              toolCalls: delta.tool_calls?.map(readCall),
              ...readEnd(choice?.finish_reason),
              usage: readUsage(chunk.usage),
            },
          ]
        }
        // Duty "aborts": the openai package ends its loop quietly, so that a cut answer would look whole.
        call.signal?.throwIfAborted()
      } catch (error) {
        const reason = explain(error, call, key)
        // Duty "endings": what broke after it had begun is cut.
        const isCut = hasBegun && reason instanceof DualscopeError && reason.code === 'connection'
        throw isCut ? new DualscopeError('incomplete', 'The connection broke inside the answer') : reason
      }
    },
  }
}

/** Duty "secrets": a redirect would take the key elsewhere; only the origin of its target is shown. */
function checkRedirect(response: Response): Response {
  if (response.status < 300 || response.status > 399) return response
  const location = response.headers.get('location') ?? ''
  const target = URL.canParse(location) ? new URL(location).origin : 'an address that cannot be read'
  throw new DualscopeError('connection', `The service redirects to ${target}; the key is not sent there`)
}

function toInit(headers: TransportOptions['headers']): Record<string, string> {
  return Object.fromEntries(headers && Symbol.iterator in headers ? [...headers] : Object.entries(headers ?? {}))
}

function callOptions({ signal, headers, timeout, retries }: CallOptions): OpenAI.RequestOptions {
  return {
    ...(signal ? { signal } : {}),
    ...(headers ? { headers: toInit(headers) } : {}),
    ...(timeout === undefined ? {} : { timeout }),
    ...(retries === undefined ? {} : { maxRetries: retries }),
  }
}

/** Duty "parameters": a field without a place is refused before anything is sent, by its name. */
function refuse(field: string): never {
  throw new DualscopeError('unsupported', `${field}: this transport has no place for it`)
}

function encode(request: TransportRequest): Body {
  const {
    messages,
    model = '',
    thinking,
    maxTokens,
    temperature,
    topP,
    topK,
    stop,
    tools,
    toolChoice,
    ...others
  } = request
  const { parallelToolCalls, extra, ...unknown } = others
  const [left] = Object.entries(unknown).find(([, value]) => value !== undefined) ?? []
  if (left !== undefined) refuse(left)
  const { budget, preserve, effort } = typeof thinking === 'object' ? thinking : {}
  if (preserve !== undefined || effort !== undefined) refuse('thinking')
  return {
    model,
    messages: messages.map(encodeMessage),
    ...present({
      enable_thinking: typeof thinking === 'object' ? true : thinking,
      thinking_budget: budget,
      max_tokens: maxTokens,
      temperature,
      top_p: topP,
      top_k: topK,
      stop: typeof stop === 'string' || !stop ? stop : [...stop],
      tools: tools?.map((tool) => encodeTool(tool)),
      tool_choice: typeof toolChoice === 'object' ? { type: 'function' as const, function: toolChoice } : toolChoice,
      parallel_tool_calls: parallelToolCalls,
    }),
    ...extra,
  }
}

function present<T extends object>(fields: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function encodeTool({ name, description, input }: NonNullable<TransportRequest['tools']>[number]) {
  if (input && '~standard' in input) refuse(`tools: the input of ${name} as a schema type`)
  const parameters = { ...(input ?? { type: 'object', properties: {} }) }
  return { type: 'function' as const, function: { name, description, parameters } }
}

/** Duty "messages": every role and character as it was given. */
function encodeMessage(message: Message, index: number): OpenAI.ChatCompletionMessageParam {
  switch (message.role) {
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
    case 'assistant':
      return encodeAssistant(message)
    case 'system':
    case 'user': {
      const { role, content } = message
      if (typeof content === 'string') return { role, content }
      const parts = content.map((part, place) => encodePart(part, `messages[${index}].content[${place}]`))
      return { role, content: parts } as OpenAI.ChatCompletionMessageParam
    }
  }
}

function encodeAssistant({ content, reasoning, toolCalls, partial }: AssistantMessage) {
  if (partial) refuse('partial')
  if (!toolCalls) return { role: 'assistant' as const, content }
  return {
    role: 'assistant' as const,
    content,
    // Models that think want it back with their calls.
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    tool_calls: toolCalls.map(({ id, name, arguments: text }, index) => ({
      id,
      type: 'function' as const,
      index,
      function: { name, arguments: isObject(text) ? text : '{}' },
    })),
  }
}

/** The service refuses arguments that are not JSON. */
function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/** Duty "media": URLs alone; a path is never read. */
function encodePart(part: ContentPart, place: string): Part {
  if (part.cache) refuse(`${place}.cache`)
  if (part.type === 'text') return { type: 'text', text: part.text }
  if (part.type !== 'image') refuse(`${place}: ${part.type}`)
  const url = part.image instanceof URL ? part.image.href : part.image
  if (typeof url !== 'string' || !/^(https?:|data:)/.test(url)) refuse(`${place}.image`)
  return { type: 'image_url', image_url: { url } }
}

function about({ id, model }: { id: string; model: string }, requestId: string | null): ChatChunk {
  return { id, model, requestId: requestId ?? undefined }
}

function readCall(
  call: OpenAI.ChatCompletionMessageToolCall | OpenAI.ChatCompletionChunk.Choice.Delta.ToolCall,
  at = 0,
) {
  const named = 'function' in call ? call.function : undefined
  const index = 'index' in call ? call.index : at
  return { index, id: call.id, name: named?.name, arguments: named?.arguments }
}

function readEnd(reason: string | null | undefined): ChatChunk {
  if (reason == null) return {}
  const known = { stop: 'stop', length: 'length', tool_calls: 'tool-calls' } as const
  return { finishReason: known[reason as keyof typeof known] ?? 'other', rawFinishReason: reason }
}

function readUsage(usage: OpenAI.CompletionUsage | null | undefined): Usage | undefined {
  if (!usage) return undefined
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    totalTokens: usage.total_tokens,
  }
}

function unknownShape(data: unknown): DualscopeError {
  return new DualscopeError('protocol', `The answer has an unknown shape: ${JSON.stringify(data).slice(0, 200)}`)
}

/** Duties "errors", "aborts" and "endings": one vocabulary, the signal's own reason, and no request inside. */
function explain(error: unknown, { signal }: CallOptions, key: string): unknown {
  if (signal?.aborted) return signal.reason
  if (error instanceof OpenAI.APIConnectionError && error.cause instanceof DualscopeError) return error.cause
  if (error instanceof DualscopeError) return error
  if (error instanceof OpenAI.APIConnectionTimeoutError) return new DualscopeError('timeout', 'The service was silent')
  if (error instanceof OpenAI.APIConnectionError || error instanceof TypeError) {
    return new DualscopeError('connection', `The connection failed: ${error.message}`)
  }
  if (error instanceof SyntaxError) return new DualscopeError('protocol', 'The answer is not JSON')
  if (!(error instanceof OpenAI.APIError)) return error
  const sent: unknown = error.error ?? { message: error.message }
  const body = JSON.stringify({ error: sent })
  const { code, status, serviceCode, message, retryable } = decodeServiceError({
    status: Number(error.status) || undefined,
    body,
  })
  const requestId = error.requestID ?? undefined
  // Duty "secrets": the service may repeat the key.
  const shown = key === '' ? message : message.replaceAll(key, '***')
  return new ApiError({ code, status, serviceCode, message: shown, requestId, retryable, protocol: 'openai' })
}
