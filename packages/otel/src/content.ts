import type { Message, ToolCall, TransportRequest } from '@dualscope/core'
import type { Attributes } from '@opentelemetry/api'

type Part = Readonly<Record<string, unknown>>

/** Returns the messages and tools of a request as JSON in the form of the conventions, without the bytes of media. */
export function inputContent({ messages, tools }: TransportRequest): Attributes {
  const system = messages.filter(({ role }) => role === 'system').flatMap(partsOf)
  const others = messages.filter(({ role }) => role !== 'system')
  return {
    ...(system.length > 0 && { 'gen_ai.system_instructions': JSON.stringify(system) }),
    'gen_ai.input.messages': JSON.stringify(others.map((message) => ({ role: message.role, parts: partsOf(message) }))),
    ...(tools?.length && {
      'gen_ai.tool.definitions': JSON.stringify(
        tools.map(({ name, description }) => ({ type: 'function', name, description })),
      ),
    }),
  }
}

/** Returns an answer as JSON in the form of the conventions. */
export function outputContent(answer: {
  text: string
  reasoning: string
  toolCalls: readonly ToolCall[]
  finishReason: string | undefined
}): Attributes {
  const { text, reasoning, toolCalls, finishReason } = answer
  const parts = [...textParts('reasoning', reasoning), ...textParts('text', text), ...toolCalls.map(callPart)]
  return {
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts, finish_reason: finishReason ?? 'error' }]),
  }
}

function partsOf(message: Message): Part[] {
  switch (message.role) {
    case 'tool':
      return [{ type: 'tool_call_response', id: message.toolCallId, response: message.content }]
    case 'assistant':
      return [
        ...textParts('reasoning', message.reasoning ?? ''),
        ...textParts('text', message.content),
        ...(message.toolCalls ?? []).map(callPart),
      ]
    default:
      return typeof message.content === 'string'
        ? textParts('text', message.content)
        : message.content.flatMap(mediaParts)
  }
}

function mediaParts(part: Exclude<Extract<Message, { role: 'user' }>['content'], string>[number]): Part[] {
  switch (part.type) {
    case 'text':
      return textParts('text', part.text)
    case 'image':
      return [mediaPart('image', part.image)]
    case 'video':
      return [mediaPart('video', part.video)]
    case 'frames':
      return part.frames.map((frame) => mediaPart('image', frame))
  }
}

/** Describes a medium. Its URL is written without the query, which may hold a signature. */
function mediaPart(modality: string, source: unknown): Part {
  const text = source instanceof URL ? source.href : source
  if (typeof text !== 'string' || /^data:/i.test(text)) return { type: 'blob', modality }
  return { type: 'uri', modality, uri: text.replace(/[?#].*$/s, '') }
}

function textParts(type: 'text' | 'reasoning', content: string): Part[] {
  return content === '' ? [] : [{ type, content }]
}

function callPart({ id, name, arguments: text }: ToolCall): Part {
  return { type: 'tool_call', id, name, arguments: text }
}
