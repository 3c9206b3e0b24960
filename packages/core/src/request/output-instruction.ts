import type { JsonSchema } from '../json.ts'
import { toJsonSchema } from '../output/to-json-schema.ts'
import type { Message, SystemMessage } from '../chat/message.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { OutputSpec } from '../output/output.ts'
import type { FittedRequest } from './prepare.ts'

/** What the service holds the answer to: JSON, or what fits a schema. */
export type PreparedOutput = 'json' | { schema: JsonSchema }

/**
 * Data in the form that the model has: held to the schema by the service where it can, else as JSON with the schema in words.
 * JSON mode demands the word in the messages: "'messages' must contain the word 'json' in some form".
 */
export async function prepareOutput(
  spec: OutputSpec,
  messages: readonly Message[],
  info: ModelInfo | undefined,
): Promise<{ output: PreparedOutput; instruction?: string }> {
  const schema = spec === 'json' ? undefined : await toJsonSchema(spec, 'output')
  if (schema && info?.features.jsonSchema) return { output: { schema } }
  if (!schema && messages.some(mentionsJson)) return { output: 'json' }
  const fitting = schema ? ` It must fit this JSON Schema:\n${JSON.stringify(schema)}` : ''
  return { output: 'json', instruction: `Answer with JSON alone, without any text around it.${fitting}` }
}

function mentionsJson({ content }: Message): boolean {
  const texts = typeof content === 'string' ? [content] : content.map((part) => (part.type === 'text' ? part.text : ''))
  return texts.some((text) => /json/i.test(text))
}

/**
 * Puts an instruction into the system message, and makes one where there is none. That is where rules stand: the words of the
 * user stay as they are, and from turn to turn the beginning stays the same, so that a cached prefix still fits.
 */
export function addInstruction(request: FittedRequest, instruction: string): void {
  const [first, ...rest] = request.messages
  if (first?.role === 'system') {
    request.messages = [{ ...first, content: appended(first.content, `\n\n${instruction}`) }, ...rest]
  } else {
    request.messages = [{ role: 'system', content: instruction }, ...request.messages]
    request.ahead = 1
  }
}

function appended(content: SystemMessage['content'], text: string): SystemMessage['content'] {
  return typeof content === 'string' ? content + text : [...content, { type: 'text', text }]
}
