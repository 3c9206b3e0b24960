import * as z from 'zod/mini'

import { abortable } from './async/abort.ts'
import { startTimeBudget } from './async/time-budget.ts'
import type { ChatChunk } from './chat/chunk.ts'
import type { OutputOf, OutputSpec } from './chat/output.ts'
import type { CallOptions, ChatRequest, TransportRequest } from './chat/request.ts'
import type { ChatResult } from './chat/result.ts'
import { DualscopeError } from './errors.ts'
import { defaultTimeout, startDeadline } from './http/deadline.ts'
import { isJsonObject } from './json.ts'
import type { ModelId } from './models/catalogue.ts'
import { withOutput } from './output/read-output.ts'
import { checkOptions, explainTransportOption, validateCallOptions } from './request/options.ts'
import { validateRequest } from './request/validate.ts'
import { accumulate, createAccumulator } from './stream/accumulate.ts'
import { createChatStream, type ChatStream } from './stream/chat-stream.ts'
import { resumeBatches } from './stream/resume.ts'
import type { Transport } from './transport.ts'

const clientOptions = z.strictObject({ transport: z.unknown(), model: z.optional(z.string()) })

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
export function createClient(options: ClientOptions): Client {
  assertClientOptions(options)
  const { transport, model } = options
  const { protocol } = transport

  function stream<S extends OutputSpec | undefined>(
    request: string | ChatRequest<S>,
    options: CallOptions = {},
  ): ChatStream<OutputOf<S>> {
    const call = validateNow(request, model, options)
    const budget = startTimeBudget(call.options)
    const chatStream: ChatStream<OutputOf<S>> = createChatStream({
      accumulator: createAccumulator({ protocol, model: call.model }),
      signal: call.options.signal,
      open: (signal) => openBatches(call.takeRequest(), { ...call.options, signal }, () => chatStream.snapshot()),
      complete: (result) => readOutput<S>(result, outputOf(request), call.takeRequest(), budget()),
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
      validateCallOptions(options)
      if (options.resume) return stream(request, options).result()
      const checked = validateRequest(withModel(request, model))
      const budget = startTimeBudget(options)
      const chunk = await transport.send(checked, budget() ?? options)
      options.signal?.throwIfAborted()
      const result = accumulate([chunk], { protocol, model: checked.model ?? '' })
      return readOutput<S>(result, outputOf(request), checked, budget())
    },
    stream,
  }
}

/** Reads the answer's data. A schema's own check may hang, so it ends with the call. */
async function readOutput<S extends OutputSpec | undefined>(
  result: ChatResult,
  spec: S | undefined,
  { messages }: TransportRequest,
  remaining: CallOptions | undefined,
): Promise<ChatResult<OutputOf<S>>> {
  if (remaining === undefined) throw new DualscopeError('timeout', 'No whole answer within the total time')
  const { signal, timeout = defaultTimeout, totalTimeout } = remaining
  const last = messages.at(-1)
  const prefix = last?.role === 'assistant' && last.partial ? last.content : ''
  const deadline = startDeadline({ signal, timeout, totalTimeout })
  try {
    return await deadline.whileWaiting(abortable(withOutput<S>(result, spec, prefix), deadline.signal))
  } finally {
    deadline.dispose()
  }
}

function withModel(request: string | TransportRequest, model: string | undefined): TransportRequest {
  if (typeof request === 'string') return { messages: [{ role: 'user', content: request }], model }
  if (!isJsonObject(request)) {
    const advice = Array.isArray(request) ? ', got a list; pass it as { messages }' : ''
    throw new DualscopeError('validation', `the request: must be a text or an object with messages${advice}`)
  }
  return { ...request, model: request.model ?? model }
}

function outputOf<S extends OutputSpec | undefined>(request: string | ChatRequest<S>): S | undefined {
  return typeof request === 'string' ? undefined : request.output
}

/** A call whose request and options were copied and validated. */
interface ValidatedCall {
  takeRequest(): TransportRequest
  model: string
  options: CallOptions
}

/** Validates a call now; what is wrong with it is thrown when its request is taken, as an error of the stream. */
function validateNow(
  request: string | TransportRequest,
  model: string | undefined,
  options: CallOptions,
): ValidatedCall {
  try {
    validateCallOptions(options)
    const copy = validateRequest(withModel(request, model))
    return { takeRequest: () => copy, model: copy.model ?? '', options }
  } catch (error) {
    return {
      takeRequest() {
        throw error
      },
      model: model ?? '',
      options: {},
    }
  }
}

function assertClientOptions(options: unknown): void {
  const transport = isJsonObject(options) ? options['transport'] : undefined
  if (!isJsonObject(transport) || typeof transport['stream'] !== 'function') {
    const problem =
      typeof transport === 'function' ? 'must be a transport, got a function; call it' : 'missing; pass one'
    const advice = 'such as createClient({ transport: compatible() })'
    throw new DualscopeError('configuration', `transport: ${problem}, ${advice}`)
  }
  checkOptions(clientOptions, options, 'configuration', { explainKey: explainTransportOption })
}
