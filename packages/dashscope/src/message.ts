import type { NativeService, PreparedMessage, PreparedPart, Unsupported } from '@dualscope/core'
import { encodeToolCalls } from '@dualscope/core/wire'

/** A message as a native service takes it. What has no place there is left out and named. */
export function encodeMessage(
  message: PreparedMessage,
  service: NativeService,
  path: string,
  unsupported: Unsupported[],
): object {
  const encode = service === 'multimodal-generation' ? encodeParts : joinTexts
  const content = encode(message.content, path, unsupported)
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content }
    case 'assistant':
      return {
        role: 'assistant',
        content,
        ...(message.reasoning === undefined ? {} : { reasoning_content: message.reasoning }),
        ...(message.toolCalls?.length ? { tool_calls: encodeToolCalls(message.toolCalls) } : {}),
        ...(message.partial ? { partial: true } : {}),
      }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content }
  }
}

/** multimodal-generation: every content is an array of parts, also for plain text; what says nothing is an empty one. */
function encodeParts(content: string | readonly PreparedPart[]): object[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }]
  return content.map((part) => ({
    ...encodePart(part),
    ...(part.cache ? { cache_control: { type: 'ephemeral' } } : {}),
  }))
}

/** text-generation: "input content must be a string" (Model Studio, "Error messages"). */
function joinTexts(content: string | readonly PreparedPart[], path: string, unsupported: Unsupported[]): string {
  if (typeof content === 'string') return content
  const texts = content.map((part, index) => {
    const place = `${path}.content[${index}]`
    if (part.cache) {
      const message = 'text-generation takes plain text, which no cache mark fits; the compatible protocol does'
      unsupported.push({ field: 'cache', path: `${place}.cache`, message })
    }
    if (part.type === 'text') return part.text
    const message = 'text-generation takes plain text; a model of multimodal-generation, such as kimi-k2.5, does'
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
