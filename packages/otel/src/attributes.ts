import type { ChatChunk, TransportRequest } from '@dualscope/core'
import type { Attributes } from '@opentelemetry/api'

// Names of the GenAI semantic conventions (@opentelemetry/semantic-conventions 1.45, incubating). The conventions have no names
// for the facts under `dualscope.`, and no provider of this name; they permit others.
const provider = 'alibaba_cloud.model_studio'

/** Returns the attributes that a span and the metrics of a call share from its start. */
export function operationAttributes({ model }: TransportRequest): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
  }
}

/** Returns the attributes of a span for a request, without its content. */
export function requestAttributes(request: TransportRequest, protocol: string, stream: boolean): Attributes {
  const { stop, output } = request
  return {
    ...operationAttributes(request),
    'gen_ai.request.stream': stream,
    'gen_ai.request.max_tokens': request.maxTokens ?? request.maxCompletionTokens,
    'gen_ai.request.temperature': request.temperature,
    'gen_ai.request.top_p': request.topP,
    'gen_ai.request.top_k': request.topK,
    'gen_ai.request.presence_penalty': request.presencePenalty,
    'gen_ai.request.seed': request.seed,
    'gen_ai.request.stop_sequences': typeof stop === 'string' ? [stop] : stop && [...stop],
    'gen_ai.output.type': output === undefined ? 'text' : 'json',
    'dualscope.protocol': protocol,
  }
}

/** Returns the attributes of a span for an answer, without its content. The chunk holds the last value of each field. */
export function responseAttributes({
  id,
  requestId,
  model,
  protocol,
  finishReason,
  rawFinishReason,
  usage,
}: ChatChunk): Attributes {
  const reason = finishReason ?? rawFinishReason
  return {
    'gen_ai.response.id': id ?? requestId,
    'gen_ai.response.model': model,
    ...(reason !== undefined && { 'gen_ai.response.finish_reasons': [reason] }),
    'gen_ai.usage.input_tokens': usage?.inputTokens,
    'gen_ai.usage.output_tokens': usage?.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage?.cachedTokens,
    'gen_ai.usage.cache_creation.input_tokens': usage?.cacheWriteTokens,
    'gen_ai.usage.reasoning.output_tokens': usage?.reasoningTokens,
    'dualscope.request_id': requestId,
    ...(protocol !== undefined && { 'dualscope.protocol': protocol }),
  }
}

/** Returns the address of the server that received a request. */
export function serverAttributes(url: string): Attributes {
  const { hostname, port, protocol } = new URL(url)
  return { 'server.address': hostname, 'server.port': Number(port || (protocol === 'http:' ? 80 : 443)) }
}

/** Returns the kind of an error: the code of the library, else the name, such as `AbortError`. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
