import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import { createClient, type ChatStream, type DropNotice } from '@dualscope/core'

import { createExchange, type Exchange } from './exchange.ts'
import type { LendTransport } from './lend-transport.ts'
import { toRequest } from './request.ts'

/** A call that sends its request with the first pull of its stream. */
export interface Call {
  stream: ChatStream<unknown>
  exchange: Exchange
  /** Returns what was left out of the request. It is complete when the first event has arrived. */
  warnings(): SharedV4Warning[]
  /** Returns the request as it was sent, without the key and with shortened media. */
  sentRequest(): { body?: unknown; url?: string }
  response(): { headers?: Record<string, string> }
  /** Ends the call's use of its transport. */
  release: () => void
}

// The AI SDK's names of these fields.
const settings: Readonly<Record<string, string>> = {
  thinking: 'reasoning',
  maxTokens: 'maxOutputTokens',
  stop: 'stopSequences',
}

/** Prepares a call. Retries are left to the AI SDK. */
export async function openCall(
  modelId: string,
  options: LanguageModelV4CallOptions,
  lend: LendTransport,
): Promise<Call> {
  const { request, warnings } = await toRequest(modelId, options)
  const exchange = createExchange({ raw: options.includeRawChunks ?? false })
  const { transport, release } = lend(exchange)
  const stream = createClient({ transport }).stream(request, {
    signal: options.abortSignal,
    headers: definedHeaders(options.headers),
    retries: 0,
  })
  return {
    stream,
    exchange,
    warnings() {
      // A fallback may have tried another protocol before.
      const { protocol } = stream.snapshot()
      const dropped = exchange.dropped.filter((notice) => notice.protocol === protocol)
      return [...warnings, ...dropped.map(toWarning)]
    },
    sentRequest: () => ({ ...(exchange.request && { url: exchange.request.url, body: exchange.request.body }) }),
    response: () => ({ ...(exchange.response && { headers: exchange.response.headers }) }),
    release,
  }
}

function definedHeaders(headers: LanguageModelV4CallOptions['headers'] = {}): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}

function toWarning({ field, message }: DropNotice): SharedV4Warning {
  return { type: 'unsupported', feature: settings[field] ?? field, details: message }
}
