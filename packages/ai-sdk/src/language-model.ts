import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamResult,
} from '@ai-sdk/provider'
import { OutputError, type ChatResult } from '@dualscope/core'

import { toContent, toFinishReason, toProviderMetadata } from './answer.ts'
import { toCallError } from './call-error.ts'
import type { LendTransport } from './lend-transport.ts'
import { openCall, type Call } from './open-call.ts'
import { readParts } from './read-parts.ts'
import { toUsage } from './usage.ts'

/** The parts of a model. */
export interface LanguageModelOptions {
  modelId: string
  provider: string
  lend: LendTransport
}

// The service fetches these itself; `oss:` is its own temporary storage.
const fetchable = [/^https?:\/\//, /^oss:\/\//]

/** Creates a model of specification v4. Both ways to call it read the same stream, so that they give the same answer. */
export function createLanguageModel({ modelId, provider, lend }: LanguageModelOptions): LanguageModelV4 {
  async function doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const call = await openCall(modelId, options, lend)
    try {
      const result = await readResult(call)
      return {
        content: toContent(result),
        ...structuredOutput(result),
        finishReason: toFinishReason(result),
        usage: toUsage(result.usage),
        providerMetadata: toProviderMetadata(result),
        request: call.sentRequest(),
        response: { id: result.id, modelId: result.model, ...call.response() },
        warnings: call.warnings(),
      }
    } catch (error) {
      throw toCallError(error, call.exchange)
    } finally {
      call.release()
    }
  }

  async function doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const call = await openCall(modelId, options, lend)
    const stream = await readParts(call, options)
    return { stream, request: call.sentRequest(), response: call.response() }
  }

  return {
    specificationVersion: 'v4',
    provider,
    modelId,
    supportedUrls: { 'image/*': fetchable, 'video/*': fetchable },
    doGenerate,
    doStream,
  }
}

/** The AI SDK checks data itself, so an answer that does not match is an answer here. */
async function readResult({ stream }: Call): Promise<ChatResult<unknown>> {
  try {
    return await stream.result()
  } catch (error) {
    if (error instanceof OutputError && error.partial) return error.partial
    throw error
  }
}

/** Returns the data of an answer that wraps it in other text. */
function structuredOutput({ text, output }: ChatResult<unknown>): { structuredOutputText?: string } {
  if (output === undefined) return {}
  try {
    JSON.parse(text)
    return {}
  } catch {
    return { structuredOutputText: JSON.stringify(output) }
  }
}
