import type { JsonSchema } from './json.ts'
import { toJsonSchema } from './json-schema.ts'
import type { Message, SystemMessage, TextPart, UserMessage } from './message.ts'
import type { OutputSpec } from './output.ts'
import type { PreparedRequest } from './prepare.ts'

/** What the service holds the answer to: JSON, or what fits a schema. */
export type PreparedOutput = 'json' | { schema: JsonSchema }

/**
 * Asks for data in the form that the model has: held to the schema by the service where it can, else as JSON with the schema
 * in words. JSON mode demands the word in the messages: "'messages' must contain the word 'json' in some form".
 */
export async function askForOutput(request: PreparedRequest, output: OutputSpec): Promise<void> {
  const schema = output === 'json' ? undefined : await toJsonSchema(output, 'output')
  if (schema && request.info?.features.jsonSchema) {
    request.output = { schema }
    return
  }
  request.output = 'json'
  if (!schema && request.messages.some(mentionsJson)) return
  const fitting = schema ? ` It must fit this JSON Schema:\n${JSON.stringify(schema)}` : ''
  request.messages = withInstruction(request.messages, `Answer with JSON alone, without any text around it.${fitting}`)
}

function mentionsJson({ content }: Message): boolean {
  const texts = typeof content === 'string' ? [content] : content.map((part) => (part.type === 'text' ? part.text : ''))
  return texts.some((text) => /json/i.test(text))
}

/**
 * An instruction belongs to the system message: it is where rules stand, and it stays the same from turn to turn, so that a
 * cached prefix still fits. Where there is none the last user message takes it: a message more would shift the places that
 * errors name.
 */
function withInstruction(messages: readonly Message[], instruction: string): readonly Message[] {
  const place = messages[0]?.role === 'system' ? 0 : messages.findLastIndex(({ role }) => role === 'user')
  const message = messages[place]
  // Without a user's message the service refuses the request, whatever else is in it.
  if (message?.role !== 'system' && message?.role !== 'user') return messages
  return messages.with(place, appended(message, `\n\n${instruction}`))
}

function appended(message: SystemMessage | UserMessage, text: string): Message {
  if (typeof message.content === 'string') return { ...message, content: message.content + text }
  const part: TextPart = { type: 'text', text }
  return message.role === 'system'
    ? { ...message, content: [...message.content, part] }
    : { ...message, content: [...message.content, part] }
}
