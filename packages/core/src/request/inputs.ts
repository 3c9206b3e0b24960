import type { ContentPart, Message } from '../chat/message.ts'
import { DualscopeError } from '../errors.ts'
import { findModels } from '../models/catalogue.ts'
import type { ModelInfo } from '../models/model-info.ts'
import type { AdaptedRequest, UnsupportedField } from './prepared.ts'

/** Removes the parts that the model cannot read, and names them. Throws `unsupported` if a message would be left empty. */
export function removeUnsupportedParts(
  { messages, places }: AdaptedRequest,
  info: ModelInfo,
): { messages: readonly Message[]; unsupported: readonly UnsupportedField[] } {
  const unsupported: UnsupportedField[] = []
  const readable = messages.map((message, index) => {
    if (message.role !== 'user' || typeof message.content === 'string') return message
    const before = unsupported.length
    const content = message.content.filter((part, partIndex) => {
      const reason = explainUnsupportedPart(part, info)
      if (reason === undefined) return true
      unsupported.push({ field: part.type, path: `${places[index]}.content[${partIndex}]`, message: reason })
      return false
    })
    if (unsupported.length === before) return message
    if (content.length > 0) return { ...message, content }
    throw new DualscopeError('unsupported', `${places[index]}: ${unsupported.at(-1)?.message}`)
  })
  return { messages: unsupported.length > 0 ? readable : messages, unsupported }
}

function explainUnsupportedPart({ type }: ContentPart, info: ModelInfo): string | undefined {
  // Frames are a video as a list of images.
  const input = type === 'frames' ? 'video' : type
  if (info.inputs.includes(input)) return undefined
  return `${info.id} takes no ${input}; ${findModels(({ inputs }) => inputs.includes(input))} do`
}
