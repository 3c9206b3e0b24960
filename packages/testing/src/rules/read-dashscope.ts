import type { Service } from '../protocol.ts'
import type { Conversation, Medium, Turn } from './conversation.ts'
import { type DashscopeBody, partsSchema } from './schema/dashscope.ts'

type Message = DashscopeBody['input']['messages'][number]

function readTurn(message: Message): Turn {
  const parts = Array.isArray(message.content) ? (partsSchema.safeParse(message.content).data ?? []) : []
  const media: Medium[] = []
  for (const { image, video, fps, max_frames: maxFrames } of parts) {
    if (image !== undefined) media.push({ type: 'image', url: image })
    if (Array.isArray(video)) media.push({ type: 'frames', urls: video, fps: fps ?? undefined })
    else if (video !== undefined) {
      media.push({ type: 'video', url: video, fps: fps ?? undefined, maxFrames: maxFrames ?? undefined })
    }
  }
  return {
    role: message.role,
    text: typeof message.content === 'string' ? message.content : parts.map(({ text }) => text ?? '').join(''),
    content: message.content == null ? 'absent' : Array.isArray(message.content) ? 'array' : 'string',
    media,
    toolCalls: (message.tool_calls ?? []).map(({ id, function: called }) => ({ id, ...called })),
    toolCallId: message.tool_call_id ?? undefined,
    partial: message.partial ?? false,
    bringsTools: message.tools != null,
  }
}

/** Whether the headers of a native request ask for a stream; recorded exchanges have either header alone. */
export function wantsStream(headers: Headers): boolean {
  return headers.get('x-dashscope-sse') === 'enable' || (headers.get('accept')?.includes('text/event-stream') ?? false)
}

/** Reads a native body. `thinking` is settled later, by the model. */
export function readDashscope(body: DashscopeBody, service: Service, stream: boolean): Omit<Conversation, 'thinking'> {
  return {
    protocol: 'dashscope',
    service,
    model: body.model,
    stream,
    turns: body.input.messages.map(readTurn),
    options: body.parameters ?? {},
    includeUsage: true,
    incremental: body.parameters?.incremental_output ?? undefined,
    resultFormat: body.parameters?.result_format ?? undefined,
  }
}
