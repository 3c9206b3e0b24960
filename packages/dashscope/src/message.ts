import type { NativeService, PreparedMessage, PreparedPart, Unsupported } from '@dualscope/core'
import { encodeToolCalls } from '@dualscope/core/wire/encode'

/** A message whose content may still be a text where it has to be parts. */
export interface NativeMessage {
  role: string
  content: string | readonly object[]
  [field: string]: unknown
}

/** A message as a native service takes it. What has no place there is left out and named. */
export function encodeMessage(
  message: PreparedMessage,
  service: NativeService,
  path: string,
  unsupported: Unsupported[],
): NativeMessage {
  const content = contentOf(message.content, service, path, unsupported)
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

function contentOf(
  content: string | readonly PreparedPart[],
  service: NativeService,
  path: string,
  unsupported: Unsupported[],
): string | readonly object[] {
  if (typeof content === 'string') return content
  if (service === 'text-generation') return joinTexts(content, path, unsupported)
  return content.map((part) => ({
    ...encodePart(part),
    ...(part.cache ? { cache_control: { type: 'ephemeral' } } : {}),
  }))
}

/** text-generation: "input content must be a string" (Model Studio, "Error messages"). */
function joinTexts(content: readonly PreparedPart[], path: string, unsupported: Unsupported[]): string {
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
