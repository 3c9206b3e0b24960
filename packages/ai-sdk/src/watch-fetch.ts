import { createParser } from 'eventsource-parser'

import type { Exchange } from './exchange.ts'

// Longer error bodies are pages of HTML.
const longestBody = 65_536

/**
 * Wraps a `fetch` so that the body of an answer is also written to the exchange of its call, while the transport reads it.
 * Uploads are left alone.
 */
export function watchFetch(
  fetch: typeof globalThis.fetch | undefined,
  current: () => Exchange | undefined,
): typeof globalThis.fetch {
  return async (input, init) => {
    const exchange = current()
    const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined))
    // Read at call time, as a test may replace it.
    const response = await (fetch ?? globalThis.fetch)(input, init)
    const isChat = headers.get('content-type')?.startsWith('application/json') ?? false
    if (!exchange || !isChat || !response.body || response.status < 200) return response
    const key = headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
    return new Response(response.body.pipeThrough(watchBody(response, exchange, key)), response)
  }
}

function watchBody(
  { ok, headers }: Response,
  exchange: Exchange,
  key: string,
): TransformStream<Uint8Array, Uint8Array> {
  delete exchange.body
  const decoder = new TextDecoder()
  const isStream = ok && (headers.get('content-type') ?? '').startsWith('text/event-stream')
  const write = isStream ? createEventWriter(exchange, key) : createTextWriter(exchange, key)
  return new TransformStream({
    transform(bytes, controller) {
      write(decoder.decode(bytes, { stream: true }))
      controller.enqueue(bytes)
    },
  })
}

function createTextWriter(exchange: Exchange, key: string): (text: string) => void {
  let body = ''
  exchange.body = () => redactKey(body, key).slice(0, longestBody)
  return (text) => {
    // A key that begins before the cut is kept whole, so that it is recognised.
    const room = longestBody + key.length - body.length
    if (room > 0) body += text.slice(0, room)
  }
}

function createEventWriter(exchange: Exchange, key: string): (text: string) => void {
  const parser = createParser({
    onEvent({ data }) {
      exchange.body = () => redactKey(data, key)
      if (exchange.raw && data !== '[DONE]') exchange.raw.push(parseJson(redactKey(data, key)))
    },
  })
  return (text) => parser.feed(text)
}

/** The service may quote the key that it refuses. */
function redactKey(text: string, key: string): string {
  return key === '' ? text : text.replaceAll(key, '[redacted]')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
