import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../fields.ts'
import type { Service } from '../protocol.ts'
import type { Conversation, Medium, Turn } from './conversation.ts'
import { isText } from './read-compatible.ts'
import { type ReadContent, readMessage, readOptions } from './read-message.ts'

function readPart(part: Fields): ReadContent {
  const { image, video, audio, text } = part
  const fps = numberOf(part['fps'])
  const media: Medium[] = []
  if (isText(image)) media.push({ type: 'image', url: image })
  if (isText(audio)) media.push({ type: 'audio', url: audio })
  if (isText(video)) media.push({ type: 'video', url: video, fps, maxFrames: numberOf(part['max_frames']) })
  else if (Array.isArray(video)) media.push({ type: 'frames', urls: video.filter(isText), fps })
  if (media.length === 0 && !isText(text)) media.push({ type: 'unknown' })
  return { text: textOf(text) ?? '', media }
}

function say(role: string, content: unknown): Turn {
  return readMessage({ role, content }, readPart)
}

/** Reads the turns of a legacy request: `history` of pairs, and `prompt`. */
function readPrompt(input: Fields): Turn[] {
  const history = listOf(input['history']).map(fieldsOf)
  return [
    ...history.flatMap((pair) => [say('user', pair['user']), say('assistant', pair['bot'])]),
    ...(isText(input['prompt']) ? [say('user', input['prompt'])] : []),
  ]
}

/** Whether the headers of a native request want a stream; recorded exchanges have one of the two headers. */
export function wantsStream(headers: Headers): boolean {
  return headers.get('x-dashscope-sse') === 'enable' || (headers.get('accept')?.includes('text/event-stream') ?? false)
}

/** Reads a native body, without `thinking`, which depends on the model. */
export function readDashscope(value: unknown, service: Service, stream: boolean): Omit<Conversation, 'thinking'> {
  const body = fieldsOf(value)
  const input = fieldsOf(body['input'])
  const parameters = fieldsOf(body['parameters'])
  const incremental = parameters['incremental_output']
  const format = parameters['result_format']
  return {
    protocol: 'dashscope',
    service,
    model: textOf(body['model']) ?? '',
    stream,
    turns: Array.isArray(input['messages'])
      ? input['messages'].map((message) => readMessage(message, readPart))
      : readPrompt(input),
    options: readOptions(parameters),
    includeUsage: true,
    incremental: typeof incremental === 'boolean' ? incremental : undefined,
    resultFormat: format === 'text' || format === 'message' ? format : undefined,
  }
}
