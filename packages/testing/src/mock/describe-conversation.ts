import type { Digester } from '../digest.ts'
import type { Conversation, Medium } from '../rules/conversation.ts'
import type { MockMedium, MockMessage, MockParameters, MockRequest } from './mock-request.ts'

async function describeMedium(medium: Medium, digester: Digester): Promise<MockMedium> {
  if (medium.type === 'unknown') return { type: 'unknown', sources: [] }
  const sources = []
  for (const url of medium.type === 'frames' ? medium.urls : [medium.url]) sources.push(await digester.url(url))
  return {
    type: medium.type,
    sources,
    ...('fps' in medium && medium.fps !== undefined ? { fps: medium.fps } : {}),
    ...('maxFrames' in medium && medium.maxFrames !== undefined ? { maxFrames: medium.maxFrames } : {}),
  }
}

type Present<T> = { [Name in keyof T]?: Exclude<T[Name], null | undefined> }

/** Removes fields that are undefined or null. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Present<T>
}

function describeOptions({ options }: Conversation): MockParameters {
  const { tool_choice: choice, response_format: format } = options
  return present({
    enableThinking: options.enable_thinking,
    thinkingBudget: options.thinking_budget,
    preserveThinking: options.preserve_thinking,
    reasoningEffort: options.reasoning_effort,
    temperature: options.temperature,
    topP: options.top_p,
    topK: options.top_k,
    presencePenalty: options.presence_penalty,
    repetitionPenalty: options.repetition_penalty,
    maxTokens: options.max_tokens,
    maxCompletionTokens: options.max_completion_tokens,
    seed: typeof options['seed'] === 'number' ? options['seed'] : undefined,
    n: options.n,
    stop: options.stop,
    toolChoice: typeof choice === 'object' && choice !== null ? { name: choice.function.name } : choice,
    parallelToolCalls: options.parallel_tool_calls,
    responseFormat: format && { type: format.type, ...present({ jsonSchema: format.json_schema }) },
    logprobs: options.logprobs,
    topLogprobs: options.top_logprobs,
    enableSearch: options.enable_search,
    searchOptions: options.search_options,
  })
}

/** Describes a conversation in the neutral terms of `MockRequest`. */
export async function describeConversation(
  conversation: Conversation | undefined,
  digester: Digester,
): Promise<Pick<MockRequest, 'messages' | 'media' | 'tools' | 'parameters'>> {
  if (!conversation) return { messages: [], media: [], tools: [], parameters: {} }
  const messages: MockMessage[] = []
  for (const turn of conversation.turns) {
    const media: MockMedium[] = []
    for (const medium of turn.media) media.push(await describeMedium(medium, digester))
    const { role, text, reasoning, toolCalls, toolCallId, partial } = turn
    messages.push({ role, text, reasoning, media, toolCalls, toolCallId, partial })
  }
  return {
    messages,
    media: messages.flatMap(({ media }) => media),
    tools: (conversation.options.tools ?? []).map(({ function: { name, description, parameters } }) => ({
      name,
      description: description ?? undefined,
      parameters: parameters ?? undefined,
    })),
    parameters: describeOptions(conversation),
  }
}
