import type { Message, SystemMessage } from '../chat/message.ts'
import type { OutputSpec } from '../chat/output.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { toJsonSchema } from '../output/to-json-schema.ts'
import type { AdaptedRequest, PreparedOutput } from './prepared.ts'

/**
 * Chooses how to request data: a schema that the service enforces where the model has that mode, else an instruction with the
 * schema, in JSON mode where the model has it. JSON mode demands the word in the messages: "'messages' must contain the word
 * 'json' in some form". A model without a row is expected to have JSON mode.
 */
export async function prepareOutput(
  spec: OutputSpec,
  messages: readonly Message[],
  features: ModelInfo['features'] | undefined,
): Promise<{ output?: PreparedOutput; instruction?: string }> {
  const schema = spec === 'json' ? undefined : await toJsonSchema(spec, 'output', { checked: true })
  if (schema && features?.jsonSchema) return { output: { schema } }
  const mode = features?.structuredOutput === false ? {} : { output: 'json' as const }
  if ('output' in mode && !schema && messages.some(mentionsJson)) return mode
  const requirement = schema ? ` It must match this JSON Schema:\n${JSON.stringify(schema)}` : ''
  return { ...mode, instruction: `Answer with JSON alone, without any text around it.${requirement}` }
}

function mentionsJson({ content }: Message): boolean {
  const texts = typeof content === 'string' ? [content] : content.map((part) => (part.type === 'text' ? part.text : ''))
  return texts.some((text) => /json/i.test(text))
}

/**
 * Appends an instruction to the system message, or adds one. The words of the user stay as they are, and the beginning stays
 * the same from turn to turn, so that a cached prefix still matches.
 */
export function addInstruction(request: AdaptedRequest, instruction: string): void {
  const [first, ...others] = request.messages
  if (first?.role === 'system') {
    request.messages = [{ ...first, content: append(first.content, `\n\n${instruction}`) }, ...others]
  } else {
    request.messages = [{ role: 'system', content: instruction }, ...request.messages]
    request.places = ['the instruction for output', ...request.places]
  }
}

function append(content: SystemMessage['content'], text: string): SystemMessage['content'] {
  return typeof content === 'string' ? content + text : [...content, { type: 'text', text }]
}
