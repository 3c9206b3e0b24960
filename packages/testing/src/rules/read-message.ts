import { type Fields, fieldsOf, listOf, textOf } from '../fields.ts'
import type { Medium, Turn } from './conversation.ts'
import { type Options, optionsSchema, optionsShape, toolSchema } from './schema/options.ts'

/** The content of a message's parts, in either protocol. */
export interface ReadContent {
  text: string
  media: readonly Medium[]
}

const roles = ['system', 'user', 'assistant', 'tool', 'function'] as const

/**
 * Reads a message as far as it can be read. Malformed parts are left out here, because the schemas validate them. `readPart`
 * reads a part of the protocol.
 */
export function readMessage(value: unknown, readPart: (part: Fields) => ReadContent): Turn {
  const message = fieldsOf(value)
  const { content } = message
  const parts = listOf(content).map(fieldsOf)
  const read = parts.map(readPart)
  return {
    role: roles.find((role) => role === message['role']) ?? 'user',
    text: textOf(content) ?? read.map(({ text }) => text).join(''),
    reasoning: textOf(message['reasoning_content']),
    content: content == null ? 'absent' : Array.isArray(content) ? 'array' : 'string',
    media: read.flatMap(({ media }) => media),
    cacheMarks: parts.filter((part) => part['cache_control'] != null).length,
    toolCalls: listOf(message['tool_calls']).map((each) => {
      const call = fieldsOf(fieldsOf(each)['function'])
      return {
        id: textOf(fieldsOf(each)['id']) ?? '',
        name: textOf(call['name']) ?? '',
        arguments: textOf(call['arguments']) ?? '',
      }
    }),
    toolCallId: textOf(message['tool_call_id']),
    partial: message['partial'] === true,
    bringsTools: message['tools'] != null,
  }
}

/** Reads the options that both protocols share. Malformed ones are left out. */
export function readOptions(fields: Fields): Options {
  const options: Record<string, unknown> = { ...fields }
  for (const [name, schema] of Object.entries(optionsShape)) {
    if (!schema.safeParse(fields[name]).success) delete options[name]
  }
  const tools = listOf(fields['tools']).filter((tool) => toolSchema.safeParse(tool).success)
  return optionsSchema.parse({ ...options, ...(tools.length > 0 ? { tools } : {}) })
}
