import type { NativeService, PreparedMessage, PreparedPart, UnsupportedField } from '@dualscope/core'
import { encodeAssistantFields } from '@dualscope/core/wire'

/** Writes a message for a native service. Lists the fields that it does not support and leaves them out. */
export function encodeMessage(
  message: PreparedMessage,
  service: NativeService,
  path: string,
  unsupported: UnsupportedField[],
): object {
  const content = encodeContent(message.content, service, path, unsupported)
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content }
    case 'assistant':
      return { role: 'assistant', content, ...encodeAssistantFields(message) }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content }
  }
}

function encodeContent(
  content: string | readonly PreparedPart[],
  service: NativeService,
  path: string,
  unsupported: UnsupportedField[],
): string | readonly object[] {
  if (service === 'text-generation') {
    return typeof content === 'string' ? content : joinTexts(content, path, unsupported)
  }
  // multimodal-generation: every content is an array of parts, also for plain text; an empty text is an empty one.
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }]
  return content.map((part) => ({
    ...encodePart(part),
    ...(part.cache ? { cache_control: { type: 'ephemeral' } } : {}),
  }))
}

/** text-generation: "input content must be a string" (Model Studio, "Error messages"). */
function joinTexts(content: readonly PreparedPart[], path: string, unsupported: UnsupportedField[]): string {
  const texts = content.map((part, index) => {
    const place = `${path}.content[${index}]`
    if (part.cache) {
      const message = 'text-generation takes plain text, without cache marks; the compatible protocol takes them'
      unsupported.push({ field: 'cache', path: `${place}.cache`, message })
    }
    if (part.type === 'text') return part.text
    const message = `text-generation takes no ${part.type}; a model of multimodal-generation, such as kimi-k2.5, does`
    unsupported.push({ field: part.type, path: place, message })
    return ''
  })
  return texts.join('')
}

function encodePart(part: PreparedPart): object {
  switch (part.type) {
    case 'text':
      return { text: part.text }
    case 'image':
      return { image: part.image }
    case 'video':
      return {
        video: part.video,
        ...(part.fps === undefined ? {} : { fps: part.fps }),
        ...(part.maxFrames === undefined ? {} : { max_frames: part.maxFrames }),
      }
    case 'frames':
      return { video: part.frames, ...(part.fps === undefined ? {} : { fps: part.fps }) }
  }
}
