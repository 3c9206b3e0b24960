import { type Fields, fieldsOf, listOf, numberOf, textOf } from '../fields.ts'
import type { Conversation } from './conversation.ts'
import { type ReadContent, readMessage, readOptions } from './read-message.ts'

function readPart(part: Fields): ReadContent {
  const fps = numberOf(part['fps'])
  const urlIn = (key: string) => textOf(fieldsOf(part[key])['url']) ?? ''
  switch (part['type']) {
    case 'text':
      return { text: textOf(part['text']) ?? '', media: [] }
    case 'image_url':
      return { text: '', media: [{ type: 'image', url: urlIn('image_url') }] }
    case 'video_url':
      return { text: '', media: [{ type: 'video', url: urlIn('video_url'), fps, maxFrames: undefined }] }
    case 'video':
      return { text: '', media: [{ type: 'frames', urls: listOf(part['video']).filter(isText), fps }] }
    case 'input_audio':
      return { text: '', media: [{ type: 'audio', url: textOf(fieldsOf(part['input_audio'])['data']) ?? '' }] }
    default:
      return { text: '', media: [{ type: 'unknown' }] }
  }
}

/** Whether a value is a text. */
export function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Reads a compatible body, without `thinking`, which depends on the model. */
export function readCompatible(value: unknown): Omit<Conversation, 'thinking'> {
  const body = fieldsOf(value)
  return {
    protocol: 'compatible',
    service: undefined,
    model: textOf(body['model']) ?? '',
    stream: body['stream'] === true,
    turns: listOf(body['messages']).map((message) => readMessage(message, readPart)),
    options: readOptions(body),
    includeUsage: fieldsOf(body['stream_options'])['include_usage'] === true,
    incremental: undefined,
    resultFormat: undefined,
  }
}
