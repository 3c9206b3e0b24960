import type { LanguageModelV4Message, LanguageModelV4Prompt, SharedV4Warning } from '@ai-sdk/provider'
import type { ContentPart, Message, ToolCall, UserMessage } from '@dualscope/core'

import { readProviderOptions } from './provider-options.ts'
import { toToolOutput } from './tool-output.ts'
import { toUserContent } from './user-content.ts'

type SdkMessage<Role> = Extract<LanguageModelV4Message, { role: Role }>

/** Converts a prompt. What no message can hold is left out with a warning. */
export async function toMessages(prompt: LanguageModelV4Prompt, warnings: SharedV4Warning[]): Promise<Message[]> {
  const messages: Message[] = []
  for (const [index, message] of prompt.entries()) {
    const path = `prompt[${index}]`
    switch (message.role) {
      case 'system':
        messages.push(toSystemMessage(message))
        break
      case 'user':
        messages.push(await toUserMessage(message, path))
        break
      case 'assistant':
        messages.push(toAssistantMessage(message, path, warnings))
        break
      case 'tool':
        messages.push(...(await toToolMessages(message, path, warnings)))
        break
    }
  }
  return messages
}

function toSystemMessage({ content, providerOptions }: SdkMessage<'system'>): Message {
  const { cache } = readProviderOptions('message', providerOptions)
  return { role: 'system', content: cache === undefined ? content : [{ type: 'text', text: content, cache }] }
}

async function toUserMessage({ content, providerOptions }: SdkMessage<'user'>, path: string): Promise<Message> {
  const { cache } = readProviderOptions('message', providerOptions)
  const parts = await toUserContent(content, path)
  const last = parts.at(-1)
  if (last) last.cache ??= cache
  return { role: 'user', content: plainText(parts) ?? parts }
}

/** A single text without a mark is sent as such. */
function plainText([first, ...others]: readonly ContentPart[]): UserMessage['content'] | undefined {
  return first?.type === 'text' && first.cache === undefined && others.length === 0 ? first.text : undefined
}

function toAssistantMessage(
  { content, providerOptions }: SdkMessage<'assistant'>,
  path: string,
  warnings: SharedV4Warning[],
): Message {
  const { partial, cache } = readProviderOptions('message', providerOptions)
  if (cache !== undefined)
    warnings.push(unsupported(`${path}: cache`, 'only messages of the system and the user have it'))
  let text = ''
  let reasoning: string | undefined
  const toolCalls: ToolCall[] = []
  for (const [index, part] of content.entries()) {
    if (part.type === 'text') text += part.text
    else if (part.type === 'reasoning') reasoning = (reasoning ?? '') + part.text
    else if (part.type === 'tool-call' && !part.providerExecuted) {
      // A call whose input was not JSON has the text as its input.
      const input = typeof part.input === 'string' ? part.input : JSON.stringify(part.input ?? {})
      toolCalls.push({ id: part.toolCallId, name: part.toolName, arguments: input })
    } else {
      const kind = part.type === 'tool-call' ? 'tool-call of another provider' : part.type
      warnings.push(unsupported(`${path}.content[${index}]: ${kind}`, 'an assistant message does not support it'))
    }
  }
  return { role: 'assistant', content: text, reasoning, partial, ...(toolCalls.length > 0 && { toolCalls }) }
}

/** Media go into a user message behind all results, because a tool message holds only text. */
async function toToolMessages(
  { content }: SdkMessage<'tool'>,
  path: string,
  warnings: SharedV4Warning[],
): Promise<Message[]> {
  const results: Message[] = []
  const media: ContentPart[] = []
  for (const [index, part] of content.entries()) {
    const place = `${path}.content[${index}]`
    if (part.type === 'tool-approval-response') {
      warnings.push(unsupported(`${place}: ${part.type}`, 'no tool is run by the service'))
      continue
    }
    const output = await toToolOutput(part, place)
    results.push({ role: 'tool', toolCallId: part.toolCallId, content: output.text })
    media.push(...output.media)
  }
  if (media.length === 0) return results
  const details = 'tool messages hold only text, so the media are sent in a user message after the results'
  warnings.push({ type: 'compatibility', feature: 'media in tool results', details })
  return [...results, { role: 'user', content: media }]
}

function unsupported(feature: string, details: string): SharedV4Warning {
  return { type: 'unsupported', feature, details }
}
