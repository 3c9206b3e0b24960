import { NoSuchModelError, type LanguageModelV4, type ProviderV4 } from '@ai-sdk/provider'
import type { ModelId, Transport } from '@dualscope/core'

import { createLanguageModel } from './language-model.ts'
import { lendTransport, watchTransport } from './lend-transport.ts'
import { chosenProtocol, type DualscopeConnectOptions } from './protocol-transport.ts'

export type { DualscopeConnectOptions, ProtocolChoice } from './protocol-transport.ts'

/** A provider over a transport of your own, for instance a `fallback` or one that is wrapped. */
export interface DualscopeTransportOptions {
  /**
   * Carries every call, with `retries: 0`, because the AI SDK retries. With `unsupported: 'error'`, the default of a transport,
   * fields that cannot be sent are errors instead of warnings. Errors have no response body, and raw events are its chunks.
   */
  transport: Transport
}

/** The models of Model Studio, for the AI SDK. */
export interface DualscopeProvider extends ProviderV4 {
  /** Returns a model by its id. Sends nothing. */
  (modelId: ModelId): LanguageModelV4
  /** Returns a model by its id. Sends nothing. */
  languageModel(modelId: ModelId): LanguageModelV4
  /** The same as `languageModel`, under the name that other providers use. */
  chatModel(modelId: ModelId): LanguageModelV4
}

/**
 * Creates a provider for the AI SDK. Which protocol it uses is an option or the environment's DUALSCOPE_PROTOCOL. Invalid
 * options are `configuration` errors of the first call. Retries are left to the AI SDK (`maxRetries`).
 *
 * @example
 * ```ts
 * const dualscope = createDualscope({ protocol: 'dashscope', region: 'singapore' })
 * const { text } = await generateText({ model: dualscope('kimi-k2.5'), prompt: 'Who are you?' })
 * ```
 */
export function createDualscope(options: DualscopeConnectOptions | DualscopeTransportOptions = {}): DualscopeProvider {
  const own = 'transport' in options ? options.transport : undefined
  const connect: DualscopeConnectOptions = 'transport' in options ? {} : options
  const lend = own ? watchTransport(own) : lendTransport(connect)

  function languageModel(modelId: ModelId): LanguageModelV4 {
    const provider = `dualscope.${own?.protocol ?? chosenProtocol(connect)}`
    return createLanguageModel({ modelId, provider, lend })
  }

  return Object.assign((modelId: ModelId) => languageModel(modelId), {
    specificationVersion: 'v4' as const,
    languageModel,
    chatModel: languageModel,
    embeddingModel(modelId: string): never {
      throw new NoSuchModelError({ modelId, modelType: 'embeddingModel' })
    },
    imageModel(modelId: string): never {
      throw new NoSuchModelError({ modelId, modelType: 'imageModel' })
    },
  })
}

/** The provider that is configured by the environment alone: DASHSCOPE_API_KEY, DUALSCOPE_PROTOCOL, DASHSCOPE_BASE_URL. */
export const dualscope: DualscopeProvider = createDualscope()
