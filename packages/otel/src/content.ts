import type { ContentPart, MediaSource, Message, ToolCall, TransportRequest } from '@dualscope/core'
import type { Attributes } from '@opentelemetry/api'

import type { AnswerContent } from './answer.ts'

type Part = Readonly<Record<string, unknown>>

/**
 * Returns the messages and tools of a request in the form of the conventions, without the bytes of media. Attributes of spans
 * cannot nest, so they are JSON.
 */
export function inputContent({ messages, tools }: TransportRequest): Attributes {
  return {
    'gen_ai.input.messages': JSON.stringify(
      messages.map((message) => ({ role: message.role, parts: partsOf(message) })),
    ),
    ...(tools?.length && {
      'gen_ai.tool.definitions': JSON.stringify(
        tools.map(({ name, description }) => ({ type: 'function', name, description })),
      ),
    }),
  }
}

/** Returns an answer as JSON in the form of the conventions. */
export function outputContent({ text, reasoning, toolCalls }: AnswerContent, finishReason = 'error'): Attributes {
  const parts = [...textParts('reasoning', reasoning), ...textParts('text', text), ...toolCalls.map(callPart)]
  return {
    'gen_ai.output.messages': JSON.stringify([{ role: 'assistant', parts, finish_reason: finishReason }]),
  }
}

function partsOf(message: Message): Part[] {
  switch (message.role) {
    case 'tool':
      return [{ type: 'tool_call_response', id: message.toolCallId, response: withoutDataUrls(message.content) }]
    case 'assistant':
      return [
        ...textParts('reasoning', message.reasoning ?? ''),
        ...textParts('text', message.content),
        ...(message.toolCalls ?? []).map(callPart),
      ]
    default:
      return typeof message.content === 'string'
        ? textParts('text', message.content)
        : message.content.flatMap(contentParts)
  }
}

function contentParts(part: ContentPart): Part[] {
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

/** Describes a medium. A URL is written without credentials and query, which may hold a signature; bytes are left out. */
function mediaPart(modality: string, source: MediaSource): Part {
  const text = typeof source === 'string' || source instanceof URL ? String(source) : ''
  if (!/^(https?|oss):/i.test(text) || !URL.canParse(text)) return { type: 'blob', modality, ...mimeType(source) }
  const { protocol, host, pathname } = new URL(text)
  return { type: 'uri', modality, uri: `${protocol}//${host}${pathname}` }
}

function mimeType(source: MediaSource): Part {
  const text = source instanceof URL ? source.href : source
  const declared = typeof text === 'string' ? /^data:([\w.+/-]{1,100})/i.exec(text)?.[1] : undefined
  const type = source instanceof Blob ? source.type : declared
  return type ? { mime_type: type } : {}
}

function textParts(type: 'text' | 'reasoning', content: string): Part[] {
  return content === '' ? [] : [{ type, content: withoutDataUrls(content) }]
}

function callPart({ id, name, arguments: text }: ToolCall): Part {
  return { type: 'tool_call', id, name, arguments: parseArguments(withoutDataUrls(text)) }
}

/** Parses the arguments of a call. The model may write invalid JSON, which stays as it is. */
function parseArguments(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** Shortens data URLs: a text may contain media too, such as the result of a tool. */
function withoutDataUrls(text: string): string {
  return text.replaceAll(/(data:[\w.+/-]*(?:;base64)?[;,])[^\s"'<>\\)]{100,}/gi, '$1…')
}
