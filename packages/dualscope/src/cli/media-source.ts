import { type ContentPart, DualscopeError, type MediaSource, type Message } from '@dualscope/core'
import { fromFile } from '@dualscope/core/node'

import { adviceOn, CommandError } from './errors.ts'

const paths = new WeakMap<object, string>()

/** Returns a URL that the service reads itself, else a local file. A drive letter (`C:`) is not a scheme. */
export async function openSource(value: string): Promise<MediaSource> {
  if (/^(https?|data|oss):/i.test(value)) return value
  const file = await fromFile(value)
  paths.set(file, value)
  return file
}

/** Returns the path that a source was opened from, or its URL. */
export function sourceName(source: MediaSource): string | undefined {
  if (typeof source === 'string') return source
  return source instanceof URL ? source.href : paths.get(source)
}

/** Names the file in an error about a part of a message: `eagle.gif: …` instead of `messages[0].content[0].image: …`. */
export function withSourceName(error: unknown, messages: readonly Message[]): unknown {
  if (!(error instanceof DualscopeError)) return error
  const [place, message, part, frame] =
    /^messages\[(\d+)\]\.content\[(\d+)\]\.(?:image|video|frames(?:\[(\d+)\])?)(?=: )/.exec(error.message) ?? []
  if (place === undefined) return error
  const content = messages[Number(message)]?.content
  const source = typeof content === 'object' ? mediaOf(content[Number(part)], Number(frame ?? 0)) : undefined
  const name = source === undefined ? undefined : sourceName(source)
  if (name === undefined || name.startsWith('data:')) return error
  return new CommandError(error.message.replace(place, name), adviceOn(error))
}

function mediaOf(part: ContentPart | undefined, frame: number): MediaSource | undefined {
  if (part?.type === 'image') return part.image
  if (part?.type === 'video') return part.video
  return part?.type === 'frames' ? part.frames[frame] : undefined
}
