import type { Protocol, Service } from '../protocol.ts'
import type { Options } from './schema/options.ts'

/** A picture, a video, a list of frames or a sound in a request; `unknown` is any other part. */
export type Medium =
  | { type: 'image'; url: string }
  | { type: 'audio'; url: string }
  | { type: 'unknown' }
  | { type: 'video'; url: string; fps: number | undefined; maxFrames: number | undefined }
  | { type: 'frames'; urls: readonly string[]; fps: number | undefined }

/** A message of either protocol, as far as it can be read. */
export interface Turn {
  role: 'system' | 'user' | 'assistant' | 'tool' | 'function'
  text: string
  reasoning: string | undefined
  /** The form of the content. */
  content: 'absent' | 'string' | 'array'
  media: readonly Medium[]
  /** The number of parts that are marked for the explicit cache. */
  cacheMarks: number
  toolCalls: readonly { id: string; name: string; arguments: string }[]
  toolCallId: string | undefined
  partial: boolean
  /** Whether the message has tools of its own (kimi-k3's dynamic tools). */
  bringsTools: boolean
}

/** A request of either protocol, for the rules and the echo. */
export interface Conversation {
  protocol: Protocol
  /** The service in the path of a native request. */
  service: Service | undefined
  model: string
  stream: boolean
  turns: readonly Turn[]
  options: Options
  /** Whether the model thinks, by the request and by its defaults. */
  thinking: boolean
  /** Compatible only: whether the stream ends with its usage. */
  includeUsage: boolean
  /** Native only: whether frames are incremental. Undefined if the request leaves it out. */
  incremental: boolean | undefined
  /** Native only: whether the answer is a message or, on text-generation, plain `text`. Undefined if the request leaves it out. */
  resultFormat: 'text' | 'message' | undefined
}
