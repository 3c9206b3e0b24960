import type { PreparedMessage, PreparedPart, UnsupportedField } from '@dualscope/core'
import { encodeAssistantFields } from '@dualscope/core/wire'

/** Writes a message for `chat/completions`. Lists the fields that it does not support and leaves them out. */
export function encodeMessage(message: PreparedMessage, path: string, unsupported: UnsupportedField[]): object {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: encodeContent(message.content, path, unsupported) }
    case 'assistant':
      return { role: 'assistant', content: message.content, ...encodeAssistantFields(message) }
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content }
  }
}

function encodeContent(
  content: string | readonly PreparedPart[],
  path: string,
  unsupported: UnsupportedField[],
): string | object[] {
  if (typeof content === 'string') return content
  return content.map((part, index) => ({
    ...encodePart(part, `${path}.content[${index}]`, unsupported),
    ...(part.cache ? { cache_control: { type: 'ephemeral' } } : {}),
  }))
}

function encodePart(part: PreparedPart, path: string, unsupported: UnsupportedField[]): object {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'image':
      return { type: 'image_url', image_url: { url: part.image } }
    case 'video':
      if (part.maxFrames !== undefined) {
        // "This parameter is only available when using the DashScope SDK" (Kimi page, "Pemahaman video").
        const message = 'chat/completions does not support it; the dashscope protocol does'
        unsupported.push({ field: 'maxFrames', path: `${path}.maxFrames`, message })
      }
      return { type: 'video_url', video_url: { url: part.video }, ...encodeFps(part) }
    case 'frames':
      // A list of frames is a `video`, a file a `video_url`.
      return { type: 'video', video: part.frames, ...encodeFps(part) }
  }
}

function encodeFps({ fps }: { fps?: number | undefined }): { fps?: number } {
  return fps === undefined ? {} : { fps }
}
