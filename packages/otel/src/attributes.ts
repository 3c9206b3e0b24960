import type { TransportRequest } from '@dualscope/core'
import type { Attributes } from '@opentelemetry/api'

import type { AnswerFacts } from './answer.ts'

// Names of the GenAI semantic conventions (@opentelemetry/semantic-conventions 1.45, incubating; tokens of images and videos are
// only in open-telemetry/semantic-conventions-genai so far). The conventions have no names for the facts under `dualscope.`.

/** Returns the attributes that a span and the metrics of a call share from its start. */
export function operationAttributes({ model }: TransportRequest, protocol: string): Attributes {
  return {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': providerName(protocol),
    'gen_ai.request.model': model,
  }
}

/**
 * The conventions have no name for Model Studio and permit others. `moonshot_ai` is the platform of Kimi's maker, not this
 * one. A custom transport is known by its own name.
 */
function providerName(protocol: string): string {
  const isModelStudio = protocol.split(',').some((name) => name === 'compatible' || name === 'dashscope')
  return isModelStudio ? 'alibaba_cloud.model_studio' : protocol
}

/** Returns the attributes of a span for a request, without its content. */
export function requestAttributes(request: TransportRequest, protocol: string, stream: boolean): Attributes {
  const { stop, output } = request
  return {
    // Left out where it is false, as the conventions want it.
    'gen_ai.request.stream': stream || undefined,
    'gen_ai.request.max_tokens': request.maxTokens ?? request.maxCompletionTokens,
    'gen_ai.request.temperature': request.temperature,
    'gen_ai.request.top_p': request.topP,
    'gen_ai.request.top_k': request.topK,
    'gen_ai.request.presence_penalty': request.presencePenalty,
    'gen_ai.request.seed': request.seed,
    'gen_ai.request.stop_sequences': typeof stop === 'string' ? [stop] : stop && [...stop],
    'gen_ai.output.type': output === undefined ? undefined : 'json',
    'dualscope.protocol': protocol,
  }
}

/** Returns the attributes of a span for an answer, without its content. */
export function responseAttributes(facts: AnswerFacts): Attributes {
  const { id, requestId, model, protocol, usage } = facts
  const reason = finishReason(facts)
  return {
    'gen_ai.response.id': id || requestId || undefined,
    'gen_ai.response.model': model || undefined,
    'gen_ai.response.finish_reasons': reason === undefined ? undefined : [reason],
    'gen_ai.usage.input_tokens': usage?.inputTokens,
    'gen_ai.usage.output_tokens': usage?.outputTokens,
    'gen_ai.usage.cache_read.input_tokens': usage?.cachedTokens,
    'gen_ai.usage.cache_creation.input_tokens': usage?.cacheWriteTokens,
    'gen_ai.usage.reasoning.output_tokens': usage?.reasoningTokens,
    'gen_ai.usage.image.input_tokens': usage?.imageTokens,
    'gen_ai.usage.video.input_tokens': usage?.videoTokens,
    'dualscope.request_id': requestId || undefined,
    ...(protocol && { 'dualscope.protocol': protocol }),
  }
}

/** Returns why an answer ended, in the word of the conventions where they have one, else in the service's. */
export function finishReason({ finishReason: reason, rawFinishReason }: AnswerFacts): string | undefined {
  if (reason === 'tool-calls') return 'tool_call'
  return reason === 'other' ? rawFinishReason || reason : reason
}

/** Returns the address of the server that received a request. */
export function serverAttributes(url: string): Attributes {
  if (!URL.canParse(url)) return {}
  const { hostname, port, protocol } = new URL(url)
  // An IPv6 address is in brackets only within a URL.
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return { 'server.address': address, 'server.port': Number(port || (protocol === 'http:' ? 80 : 443)) }
}

/** Returns the kind of an error: the code of the library, else the name, such as `AbortError`. */
export function errorType(error: unknown): string {
  if (!(error instanceof Error)) return '_OTHER'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
