// A stand-in for an Anthropic-shaped service: it says what it hears to the mock Model Studio, and the mock's answers in its own form.
import { defaultMaxTokens } from './anthropic.ts'

type Json = Record<string, unknown>
type Fetch = typeof globalThis.fetch

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : []
}
function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {}
}

function toPart({ type, source, ...part }: Json): Json {
  return type === 'image'
    ? { type: 'image_url', image_url: { url: object(source)['url'] }, ...part }
    : { type, ...part }
}

function toMessage({ role, content }: Json, index: number, all: readonly Json[]): Json {
  const blocks = list(content)
  const reasoning = blocks.find(({ type }) => type === 'thinking')?.['thinking']
  const parts = blocks.filter(({ type }) => type !== 'thinking').map(toPart)
  const partial = role === 'assistant' && index === all.length - 1
  return {
    role,
    content: role === 'assistant' ? parts.map(({ text }) => text).join('') : parts,
    ...(reasoning === undefined ? {} : { reasoning_content: reasoning }),
    ...(partial ? { partial } : {}),
  }
}

/** The body as `chat/completions` takes it. */
function toCompletions({ messages, system, thinking, max_tokens: most, stop_sequences: stops, ...rest }: Json): Json {
  const turns = [
    ...(system ? [{ role: 'system', content: list(system).map(toPart) }] : []),
    ...list(messages).map(toMessage),
  ]
  const { type, budget_tokens: budget } = object(thinking)
  return {
    ...rest,
    messages: turns,
    ...(rest['stream'] ? { stream_options: { include_usage: true } } : {}),
    ...(type === undefined ? {} : { enable_thinking: type === 'enabled' }),
    ...(budget === undefined ? {} : { thinking_budget: budget }),
    ...(most === defaultMaxTokens ? {} : { max_tokens: most }),
    ...(Array.isArray(stops) ? { stop: stops.length === 1 ? (stops[0] as unknown) : stops } : {}),
  }
}

const reasons: Readonly<Record<string, string>> = { stop: 'end_turn', length: 'max_tokens' }

function fromUsage(usage: unknown): Json | undefined {
  if (!usage) return undefined
  const { prompt_tokens: input, completion_tokens: output, prompt_tokens_details: details } = object(usage)
  const { cached_tokens: cached, cache_creation_input_tokens: written } = object(details)
  return {
    input_tokens: input,
    output_tokens: output,
    cache_read_input_tokens: cached,
    cache_creation_input_tokens: written,
  }
}

function fromError({ error, request_id: id }: Json): Json {
  const { code, message } = object(error)
  return { type: 'error', error: { type: code, message }, request_id: id }
}

function fromCompletion(body: Json): Json {
  if (body['error']) return fromError(body)
  const choice = list(body['choices'])[0]
  if (!choice) return body
  const { content, reasoning_content: thinking } = object(choice['message'])
  const reason = String(choice['finish_reason'])
  const blocks = [...(thinking ? [{ type: 'thinking', thinking }] : []), { type: 'text', text: content }]
  return {
    id: body['id'],
    model: body['model'],
    content: blocks,
    stop_reason: reasons[reason] ?? reason,
    usage: fromUsage(body['usage']),
  }
}

function frame(data: Json) {
  return `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`
}

/** Rewrites a stream of chunks, event by event; what ends it waits for the usage, which comes after it. */
function createRewriter() {
  let begun = false
  let reason: string | undefined
  let usage: Json | undefined
  const end = () => {
    if (reason === undefined) return ''
    const delta = { stop_reason: reasons[reason] ?? reason }
    reason = undefined
    return frame({ type: 'message_delta', delta, usage }) + frame({ type: 'message_stop' })
  }
  const rewrite = (event: string): string => {
    const data = /^data: ?(.*?)\r?$/m.exec(event)?.[1]
    if (data === undefined) return event.startsWith(':') ? event : ''
    if (data === '[DONE]') return end()
    const chunk = JSON.parse(data) as Json
    if (chunk['error']) return frame(fromError(chunk))
    const { delta, finish_reason: finish } = list(chunk['choices'])[0] ?? {}
    const { content: text, reasoning_content: thinking } = object(delta)
    const { id, model } = chunk
    const start = begun ? '' : frame({ type: 'message_start', message: { id, model, content: [] } })
    begun = true
    usage = fromUsage(chunk['usage']) ?? usage
    if (typeof finish === 'string') reason = finish
    const piece = thinking ? { type: 'thinking_delta', thinking } : { type: 'text_delta', text }
    return thinking || text ? `${start}${frame({ type: 'content_block_delta', index: 0, delta: piece })}` : start
  }
  return { rewrite, end }
}

function rewriteBody(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  const { rewrite, end } = createRewriter()
  let held = ''
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        held += decoder.decode(bytes, { stream: true })
        if (held.trimStart().startsWith('{')) return
        const events = held.split(/(?<=\n\r?\n)/)
        held = /\n\r?\n$/.test(held) ? '' : (events.pop() ?? '')
        for (const event of events) controller.enqueue(encoder.encode(rewrite(event)))
      },
      flush(controller) {
        if (held.trimStart().startsWith('{')) held = JSON.stringify(fromCompletion(JSON.parse(held) as Json))
        else if (/\}\s*$|\[DONE\]\s*$/.test(held)) held = rewrite(held)
        controller.enqueue(encoder.encode(held + end()))
      },
    }),
  )
}

/** A `fetch` that answers as an Anthropic-shaped service would, out of one that answers as Model Studio does. */
export function standIn(fetch: Fetch): Fetch {
  return async (input, init) => {
    // Uploads do not come as a Request.
    if (!(input instanceof Request) || !input.url.includes('/apps/anthropic/')) return fetch(input, init)
    const { url, method, headers: sent, signal, redirect } = input
    const body = JSON.stringify(toCompletions((await input.json()) as Json))
    const response = await fetch(url.replace('/apps/anthropic/v1/messages', '/compatible-mode/v1/chat/completions'), {
      method,
      headers: sent,
      signal,
      redirect,
      body,
    })
    const { status, headers } = response
    if (response.body && response.ok) return new Response(rewriteBody(response.body), { status, headers })
    if (status < 400) return response
    const text = await response.text()
    return new Response(text.startsWith('{') ? JSON.stringify(fromError(JSON.parse(text) as Json)) : text, {
      status,
      headers,
    })
  }
}
