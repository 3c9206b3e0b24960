import type { ChatChunk } from './chat/chunk.ts'
import type { OutputOf, OutputSpec } from './chat/output.ts'
import type { CallOptions, ChatRequest, TransportRequest } from './chat/request.ts'
import type { ChatResult } from './chat/result.ts'
import { modelInfo, type ModelId } from './models/catalogue.ts'
import { withOutput } from './output/read-output.ts'
import { willThink } from './request/thinking.ts'
import { validateRequest } from './request/validate.ts'
import { accumulate, createAccumulator } from './stream/accumulate.ts'
import { createChatStream, type ChatStream } from './stream/chat-stream.ts'
import { resumeBatches } from './stream/resume.ts'
import type { Transport } from './transport.ts'

/** Talks to a model, whatever the protocol. */
export interface Client {
  /** Sends a request and resolves with the whole answer. A string is one user message. */
  chat<S extends OutputSpec | undefined = undefined>(
    request: string | ChatRequest<S>,
    options?: CallOptions,
  ): Promise<ChatResult<OutputOf<S>>>
  /** Streams an answer. Returns at once, and sends the request on the first pull. */
  stream<S extends OutputSpec | undefined = undefined>(
    request: string | ChatRequest<S>,
    options?: CallOptions,
  ): ChatStream<OutputOf<S>>
}

/** The parts of a client. */
export interface ClientOptions {
  transport: Transport
  /** The model of requests that name none. */
  model?: ModelId | undefined
}

/**
 * Creates a client over a transport. To swap the protocol, swap the transport.
 *
 * @example
 * ```ts
 * const client = createClient({ transport: dashscope(), model: 'kimi-k2.5' })
 * const { text, reasoning, usage } = await client.chat({
 *   messages: [{ role: 'user', content: 'Who are you?' }],
 *   thinking: true,
 * })
 * ```
 */
export function createClient({ transport, model }: ClientOptions): Client {
  const { protocol } = transport

  function stream<S extends OutputSpec | undefined>(
    request: string | ChatRequest<S>,
    options: CallOptions = {},
  ): ChatStream<OutputOf<S>> {
    const asked = withModel(request, model)
    const takeRequest = validateNow(asked)
    const chatStream: ChatStream<OutputOf<S>> = createChatStream({
      accumulator: createAccumulator({ protocol, model: asked.model ?? '' }),
      signal: options.signal,
      open: (signal) => openBatches(takeRequest(), { ...options, signal }, () => chatStream.snapshot()),
      complete: (result) => withOutput<S>(result, outputOf(request)),
    })
    return chatStream
  }

  function openBatches(
    request: TransportRequest,
    options: CallOptions,
    snapshot: () => ChatResult,
  ): AsyncIterable<readonly ChatChunk[]> {
    if (!options.resume) return transport.stream(request, options)
    const start = (part: TransportRequest, partOptions: CallOptions) => transport.stream(part, partOptions)
    return resumeBatches({ request, options, start, snapshot })
  }

  return {
    async chat<S extends OutputSpec | undefined>(request: string | ChatRequest<S>, options: CallOptions = {}) {
      const checked = validateRequest(withModel(request, model))
      if (options.resume || mustStream(checked)) return stream(request, options).result()
      const chunk = await transport.send(checked, options)
      options.signal?.throwIfAborted()
      const result = accumulate([chunk], { protocol, model: checked.model ?? '' })
      return withOutput<S>(result, outputOf(request))
    },
    stream,
  }
}

function withModel(request: string | TransportRequest, model: string | undefined): TransportRequest {
  const asked: TransportRequest =
    typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : { ...request }
  asked.model ??= model
  return asked
}

function outputOf<S extends OutputSpec | undefined>(request: string | ChatRequest<S>): S | undefined {
  return typeof request === 'string' ? undefined : request.output
}

/** Validates and copies a request now; what is wrong with it is thrown when it is taken, as an error of the stream. */
function validateNow(request: TransportRequest): () => TransportRequest {
  try {
    const copy = validateRequest(request)
    return () => copy
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** Long thinking is cut by the service, and by Node, at 300 s without a stream. */
function mustStream({ model, thinking }: TransportRequest): boolean {
  return willThink(thinking, model === undefined ? undefined : modelInfo(model))
}
