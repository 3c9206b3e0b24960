import { batchesOf } from './engine/batched-stream.ts'
import { loadFit } from './fit/load-fit.ts'
import { latePart, loadPart } from './lazy.ts'
import { modelInfo, type ModelId } from './models/catalogue.ts'
import { withOutput, type OutputOf, type OutputSpec } from './output/output.ts'
import type { ChatChunk } from './chat/chunk.ts'
import type { CallOptions, ChatRequest } from './chat/request.ts'
import type { ChatResult } from './chat/result.ts'
import { resultOf } from './result-of.ts'
import { lateStream } from './stream/late-stream.ts'
import { loadStreaming } from './stream/load-streaming.ts'
import type { ChatStream } from './stream/chat-stream.ts'
import { isThinking } from './request/is-thinking.ts'
import type { Transport, TransportRequest } from './transport.ts'
import { isPlainRequest } from './validate/plain-request.ts'
import { wholeAnswer } from './whole-answer.ts'

// For the requests that need it, zod with it.
const loadValidation = latePart(() => import('./request/validate.ts'))

/** Talks to a model, whatever the protocol below. */
export interface Client {
  /** Asks and waits for the whole answer. A string is one user message. */
  chat<S extends OutputSpec | undefined = undefined>(
    request: string | ChatRequest<S>,
    options?: CallOptions,
  ): Promise<ChatResult<OutputOf<S>>>
  /** Asks for a streamed answer. It returns at once, and sends on the first pull. */
  stream<S extends OutputSpec | undefined = undefined>(
    request: string | ChatRequest<S>,
    options?: CallOptions,
  ): ChatStream<OutputOf<S>>
}

/** What a client is made of. */
export interface ClientOptions {
  transport: Transport
  /** The model of requests that name none. */
  model?: ModelId | undefined
}

/**
 * Makes a client of a transport. Swapping the protocol is swapping the transport.
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

  async function chat<S extends OutputSpec | undefined>(
    asked: TransportRequest,
    request: string | ChatRequest<S>,
    options: CallOptions | undefined,
  ): Promise<ChatResult<OutputOf<S>>> {
    // What puts calls together is there before the answer is paid for.
    if (!isPlainRequest(asked)) await Promise.all([validate(asked), asked.tools && loadStreaming()])
    const chunk = await transport.send(asked, options)
    options?.signal?.throwIfAborted()
    return withOutput(await wholeAnswer(chunk, { protocol, model: asked.model ?? '' }), request)
  }

  function stream<S extends OutputSpec | undefined>(
    asked: TransportRequest,
    request: string | ChatRequest<S>,
    options: CallOptions | undefined,
  ): ChatStream<OutputOf<S>> {
    const about = { protocol, model: asked.model ?? '' }
    const chunks = async (): Promise<AsyncIterable<ChatChunk>> => {
      if (!isPlainRequest(asked)) await validate(asked)
      if (!options?.resume) return transport.stream(asked, options)
      const { resumed } = await loadPart(import('./stream/resume.ts'))
      const start = (part: TransportRequest, rest: CallOptions) => transport.stream(part, rest)
      return resumed({ request: asked, options, start, soFar: () => answer.snapshot() })
    }
    const answer: ChatStream<OutputOf<S>> = lateStream({
      accumulator: ({ createAccumulator }) => createAccumulator(about),
      nothing: () => resultOf({}, [], about),
      signal: options?.signal,
      open: async () => batchesOf(await chunks()),
      complete: (result) => withOutput(result, request),
    })
    return answer
  }

  return {
    async chat(request, options) {
      const asked = asRequest(request, model)
      return options?.resume || mustStream(asked)
        ? stream(asked, request, options).result()
        : chat(asked, request, options)
    },
    stream: (request, options) => stream(asRequest(request, model), request, options),
  }
}

function asRequest(request: string | TransportRequest, model: string | undefined): TransportRequest {
  const asked: TransportRequest =
    typeof request === 'string' ? { messages: [{ role: 'user', content: request }] } : { ...request }
  asked.model ??= model
  return asked
}

async function validate(request: TransportRequest): Promise<void> {
  // Nearly every transport will need the other.
  const [{ validateRequest }] = await Promise.all([loadValidation(), loadFit()])
  validateRequest(request)
}

/** Long thinking is cut by the service, and by Node, at 300 s without a stream. */
function mustStream({ model, thinking }: TransportRequest): boolean {
  return isThinking(thinking, model === undefined ? undefined : modelInfo(model))
}
