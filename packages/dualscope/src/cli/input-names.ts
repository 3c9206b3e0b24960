import { type ContentPart, DualscopeError, type ErrorCode, type MediaSource, type Message } from '@dualscope/core'

import { adviceOn, CommandError } from './errors.ts'
import { sourceName } from './media-source.ts'

/** The input of a request, as the user wrote it. */
export interface NamedInput {
  messages: readonly Message[]
  /** The file of `--schema`. */
  schema?: string | undefined
}

/** The codes of errors whose message begins with a field of the request. */
const aboutFields: ReadonlySet<ErrorCode> = new Set(['media', 'unsupported', 'validation'])

const optionNames: Readonly<Record<string, string>> = {
  temperature: '--temperature',
  topP: '--top-p',
  maxTokens: '--max-tokens',
  seed: '--seed',
  stop: '--stop',
  search: '--search',
  extra: '--extra',
}

/** Names the file or the option in an error's message: `eagle.gif: …` instead of `messages[0].content[0].image: …`. */
export function messageWithInputName({ code, message }: DualscopeError, input: NamedInput): string {
  if (!aboutFields.has(code)) return message
  const [field = ''] = /^[\w.[\]]+(?=: )/.exec(message) ?? []
  const name = inputName(field, input)
  return name === undefined ? message : name + message.slice(field.length)
}

/** Returns the same error with the name of the file or the option, and the same advice. */
export function withInputName(error: unknown, input: NamedInput): unknown {
  if (!(error instanceof DualscopeError)) return error
  const message = messageWithInputName(error, input)
  return message === error.message ? error : new CommandError(message, adviceOn(error))
}

function inputName(field: string, { messages, schema }: NamedInput): string | undefined {
  if (field === 'output') return schema
  const [, message, part, key, frame] =
    /^messages\[(\d+)\]\.content\[(\d+)\]\.(image|video|fps|frames(?:\[(\d+)\])?)$/.exec(field) ?? []
  if (key === undefined) return optionNames[field]
  if (key === 'fps') return '--fps'
  const content = messages[Number(message)]?.content
  const source = typeof content === 'object' ? mediaOf(content[Number(part)], Number(frame ?? 0)) : undefined
  const name = source === undefined ? undefined : sourceName(source)
  return name?.startsWith('data:') ? undefined : name
}

function mediaOf(part: ContentPart | undefined, frame: number): MediaSource | undefined {
  if (part?.type === 'image') return part.image
  if (part?.type === 'video') return part.video
  return part?.type === 'frames' ? part.frames[frame] : undefined
}
