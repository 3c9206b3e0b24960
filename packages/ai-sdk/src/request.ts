import type { LanguageModelV4CallOptions, SharedV4Warning } from '@ai-sdk/provider'
import type { ChatRequest, JsonSchema, OutputSpec, Tool } from '@dualscope/core'

import { toMessages } from './messages.ts'
import { readProviderOptions } from './provider-options.ts'
import { toThinking } from './thinking.ts'

/** A call of the AI SDK as a request, and what could not be translated. */
export interface TranslatedCall {
  request: ChatRequest<OutputSpec | undefined>
  warnings: SharedV4Warning[]
}

/** Translates a call of the AI SDK. Settings that no protocol has are left out with a warning. */
export async function toRequest(modelId: string, options: LanguageModelV4CallOptions): Promise<TranslatedCall> {
  const warnings: SharedV4Warning[] = []
  const own = readProviderOptions('call', options.providerOptions)
  if (options.frequencyPenalty !== undefined) {
    warnings.push({ type: 'unsupported', feature: 'frequencyPenalty', details: 'Model Studio has presencePenalty' })
  }
  const tools = toTools(options.tools ?? [], warnings)
  const request: TranslatedCall['request'] = {
    model: modelId,
    messages: await toMessages(options.prompt, warnings),
    thinking: own.thinking ?? toThinking(options.reasoning, modelId, warnings),
    maxTokens: options.maxOutputTokens,
    maxCompletionTokens: own.maxCompletionTokens,
    temperature: options.temperature,
    topP: options.topP,
    topK: options.topK,
    presencePenalty: options.presencePenalty,
    repetitionPenalty: own.repetitionPenalty,
    seed: options.seed,
    stop: options.stopSequences,
    logprobs: own.logprobs,
    output: toOutput(options.responseFormat),
    search: own.search,
    extra: own.extra,
    ...(tools.length > 0 && {
      tools,
      toolChoice: toToolChoice(options.toolChoice),
      parallelToolCalls: own.parallelToolCalls,
    }),
  }
  return { request, warnings }
}

function toTools(sdkTools: NonNullable<LanguageModelV4CallOptions['tools']>, warnings: SharedV4Warning[]): Tool[] {
  return sdkTools.flatMap((tool): Tool[] => {
    const leaveOut = (feature: string, details: string) => {
      warnings.push({ type: 'unsupported', feature: `tool "${tool.name}": ${feature}`, details })
    }
    if (tool.type === 'provider') {
      leaveOut(
        'provider-defined',
        `${tool.id} is run by another provider; web search is providerOptions.dualscope.search`,
      )
      return []
    }
    if (tool.strict !== undefined) leaveOut('strict', 'Model Studio has no strict mode for tools')
    if (tool.inputExamples?.length) leaveOut('inputExamples', 'write them into the description')
    // A JSON Schema 7 is data of the general type.
    return [{ name: tool.name, description: tool.description ?? '', input: tool.inputSchema as JsonSchema }]
  })
}

function toToolChoice(choice: LanguageModelV4CallOptions['toolChoice']): ChatRequest['toolChoice'] {
  switch (choice?.type) {
    case undefined:
    case 'auto':
      return undefined
    case 'none':
    case 'required':
      return choice.type
    case 'tool':
      return { name: choice.toolName }
  }
}

/** Name and description go into the schema, where the model reads them. */
function toOutput(format: LanguageModelV4CallOptions['responseFormat']): OutputSpec | undefined {
  if (format?.type !== 'json') return undefined
  const { name: title, description } = format
  const schema = format.schema as JsonSchema | undefined
  return schema ? { ...(title && { title }), ...(description && { description }), ...schema } : 'json'
}
