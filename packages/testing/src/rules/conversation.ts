import type { Protocol, Service } from '../protocol.ts'
import type { Options } from './schema/options.ts'

/** A picture, a video, a list of frames or a sound that was sent; `unknown` is a part of no known kind. */
export type Medium =
  | { type: 'image'; url: string }
  | { type: 'audio'; url: string }
  | { type: 'unknown' }
  | { type: 'video'; url: string; fps: number | undefined; maxFrames: number | undefined }
  | { type: 'frames'; urls: readonly string[]; fps: number | undefined }

/** One message of the conversation, read from either protocol as far as it can be read. */
export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool' | 'function'
  text: string
  reasoning: string | undefined
  /** Whether there was any content at all. */
  content: 'absent' | 'string' | 'array'
  media: readonly Medium[]
  /** Parts that are marked for the explicit cache. */
  cacheMarks: number
  toolCalls: readonly { id: string; name: string; arguments: string }[]
  toolCallId: string | undefined
  partial: boolean
  /** Whether it brings tools along (kimi-k3's dynamic tools). */
  bringsTools: boolean
}

/** A request, read from either protocol, for the rules and the echo. */
export interface Conversation {
  protocol: Protocol
  /** Natively, the service of the path. */
  service: Service | undefined
  model: string
  stream: boolean
  turns: readonly Turn[]
  options: Options
  /** Whether the model thinks, by the request and by its nature. */
  thinking: boolean
  /** Compatible: whether the stream ends with its usage. */
  includeUsage: boolean
  /** Natively: whether frames are incremental. Undefined if the request leaves it out. */
  incremental: boolean | undefined
  /** Natively: whether the answer is a message or, on text-generation, plain `text`. Undefined where it does not say. */
  resultFormat: 'text' | 'message' | undefined
}
