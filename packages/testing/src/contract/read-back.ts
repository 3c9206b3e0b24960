import type { ContentPart, MediaSource, Message } from '@dualscope/core'

import { type Fields, fieldsOf, listOf } from '../fields.ts'
import type { MockRequest } from '../mock/mock-request.ts'

function without(fields: Fields, ...names: readonly string[]): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)))
}

function named(place: string, fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [`${place}.${name}`, value]))
}

/** A request that arrived over either protocol, in the terms of `ChatRequest`. */
export interface ReadBack {
  model: unknown
  /** Contents are lists of parts. Unknown keys stay, so that a difference shows them. */
  messages: readonly Fields[]
  /** Under their wire names, without the fields that the protocol itself adds. */
  options: Fields
}

const ownCompatible = ['model', 'messages', 'stream', 'stream_options']

function readMedium(part: Fields): Fields {
  const { type, text, image_url: image, video_url: file, image: picture, video, ...rest } = part
  if (text !== undefined) return { type: 'text', text, ...rest }
  if (image !== undefined || picture !== undefined) {
    return { type: 'image', image: picture ?? fieldsOf(image)['url'], ...rest }
  }
  if (Array.isArray(video)) return { type: 'frames', frames: video, ...rest }
  if (file !== undefined || video !== undefined) {
    return { type: 'video', video: video ?? fieldsOf(file)['url'], ...rest }
  }
  return { type, ...rest }
}

function readPart(part: unknown): Fields {
  const { max_frames: maxFrames, cache_control: cache, ...rest } = readMedium(fieldsOf(part))
  return { ...rest, maxFrames, cache: cache === undefined ? undefined : fieldsOf(cache)['type'] === 'ephemeral' }
}

/** Joins texts that follow each other, which mean the same as one. */
function joined(parts: readonly Fields[]): readonly Fields[] {
  const result: Fields[] = []
  for (const part of parts) {
    const last = result.at(-1)
    const plain = part['type'] === 'text' && part['cache'] === undefined
    if (plain && last?.['type'] === 'text' && last['cache'] === undefined) {
      result[result.length - 1] = { ...last, text: `${String(last['text'])}${String(part['text'])}` }
    } else if (!plain || part['text'] !== '') result.push(part)
  }
  return result
}

function partsOf(content: unknown): readonly unknown[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : listOf(content)
}

function readToolCall(call: unknown, position: number): Fields {
  const { id, type, index, function: called, ...rest } = fieldsOf(call)
  return {
    id,
    ...fieldsOf(called),
    ...rest,
    // Documented as required, with one possible value each.
    ...(type === 'function' ? {} : { type: String(type) }),
    ...(index === position ? {} : { index: String(index) }),
  }
}

function readMessage(message: unknown): Fields {
  const {
    content,
    reasoning_content: reasoning,
    tool_calls: calls,
    tool_call_id: toolCallId,
    ...rest
  } = fieldsOf(message)
  return {
    ...rest,
    content: joined(partsOf(content).map(readPart)),
    reasoning,
    toolCalls: calls === undefined ? undefined : listOf(calls).map(readToolCall),
    toolCallId,
  }
}

/** Reads a request that arrived. */
export function readBack({ protocol, body }: Pick<MockRequest, 'protocol' | 'body'>): ReadBack {
  const fields = fieldsOf(body)
  if (protocol === 'compatible') {
    return {
      model: fields['model'],
      messages: listOf(fields['messages']).map(readMessage),
      options: without(fields, ...ownCompatible),
    }
  }
  const input = fieldsOf(fields['input'])
  return {
    model: fields['model'],
    messages: listOf(input['messages']).map(readMessage),
    options: {
      ...without(fieldsOf(fields['parameters']), 'result_format', 'incremental_output'),
      // The documents name no other field beside them.
      ...named('body', without(fields, 'model', 'input', 'parameters')),
      ...named('input', without(input, 'messages')),
    },
  }
}

function textOf(source: MediaSource): MediaSource {
  return source instanceof URL ? source.href : source
}

function plainPart(part: ContentPart): Fields {
  switch (part.type) {
    case 'image':
      return { ...part, image: textOf(part.image) }
    case 'video':
      return { ...part, video: textOf(part.video) }
    case 'frames':
      return { ...part, frames: part.frames.map(textOf) }
    default:
      return { ...part }
  }
}

/** Returns the messages of a request in the form of `readBack`. */
export function asRead(messages: readonly Message[]): readonly Fields[] {
  return messages.map((message) => ({
    ...message,
    content: joined(
      typeof message.content === 'string'
        ? joined([{ type: 'text', text: message.content }])
        : message.content.map(plainPart),
    ),
  }))
}
