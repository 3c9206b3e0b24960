import type { Unsupported } from '../codec.ts'
import { DualscopeError } from '../errors.ts'
import type { ContentPart, Message } from '../chat/message.ts'
import type { ModelInfo } from '../models/model-info.ts'
import { findModels } from '../models/catalogue.ts'

/** Leaves out the parts that the model cannot take in, and names them; a message that would be left empty is an error. */
export function withReadableParts(
  messages: readonly Message[],
  info: ModelInfo,
): { messages: readonly Message[]; unsupported: readonly Unsupported[] } {
  const unsupported: Unsupported[] = []
  const readable = messages.map((message, index) => {
    if (message.role !== 'user' || typeof message.content === 'string') return message
    const before = unsupported.length
    const content = message.content.filter((part, partIndex) => {
      const problem = inputProblem(part, info)
      if (problem === undefined) return true
      unsupported.push({ field: part.type, path: `messages[${index}].content[${partIndex}]`, message: problem })
      return false
    })
    if (unsupported.length === before) return message
    if (content.length > 0) return { ...message, content }
    throw new DualscopeError('unsupported', `messages[${index}]: ${unsupported.at(-1)?.message}`)
  })
  return { messages: unsupported.length > 0 ? readable : messages, unsupported }
}

function inputProblem({ type }: ContentPart, info: ModelInfo): string | undefined {
  // Frames are a video as a list of images.
  const input = type === 'frames' ? 'video' : type
  if (info.inputs.includes(input)) return undefined
  return `${info.id} takes no ${input}; ${findModels(({ inputs }) => inputs.includes(input))} do`
}
