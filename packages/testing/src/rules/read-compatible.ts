import type { Conversation, Medium, Turn } from './conversation.ts'
import type { CompatibleBody } from './schema/compatible.ts'

type Message = CompatibleBody['messages'][number]

function readMedia(content: Message['content']): Medium[] {
  const media: Medium[] = []
  if (!Array.isArray(content)) return media
  for (const part of content) {
    if (part.type === 'image_url') media.push({ type: 'image', url: part.image_url.url })
    if (part.type === 'video_url') {
      media.push({ type: 'video', url: part.video_url.url, fps: part.fps ?? undefined, maxFrames: undefined })
    }
    if (part.type === 'video') media.push({ type: 'frames', urls: part.video, fps: part.fps ?? undefined })
  }
  return media
}

function readText(content: Message['content']): string {
  return Array.isArray(content)
    ? content.map((part) => (part.type === 'text' ? part.text : '')).join('')
    : (content ?? '')
}

function readTurn(message: Message): Turn {
  return {
    role: message.role,
    text: readText(message.content),
    content: message.content == null ? 'absent' : Array.isArray(message.content) ? 'array' : 'string',
    media: readMedia(message.content),
    toolCalls: (message.tool_calls ?? []).map(({ id, function: called }) => ({ id, ...called })),
    toolCallId: message.tool_call_id ?? undefined,
    partial: message.partial ?? false,
    bringsTools: message.tools != null,
  }
}

/** Reads a compatible body. `thinking` is settled later, by the model. */
export function readCompatible(body: CompatibleBody): Omit<Conversation, 'thinking'> {
  return {
    protocol: 'compatible',
    service: undefined,
    model: body.model,
    stream: body.stream ?? false,
    turns: body.messages.map(readTurn),
    options: body,
    includeUsage: body.stream_options?.include_usage ?? false,
    incremental: undefined,
    resultFormat: undefined,
  }
}
