import type { MockSource } from '../digest.ts'
import type { Protocol, Service } from '../protocol.ts'
import type { Issue } from '../rules/issue.ts'

/** A medium of a message: `frames` is a video as a list of pictures, `unknown` a part that the mock cannot read. */
export interface MockMedium {
  type: 'image' | 'video' | 'frames' | 'audio' | 'unknown'
  /** One source, or one for each frame. */
  sources: readonly MockSource[]
  fps?: number | undefined
  maxFrames?: number | undefined
}

/** A message, the same over either protocol. */
export interface MockMessage {
  role: 'system' | 'user' | 'assistant' | 'tool' | 'function'
  /** Its texts, joined. */
  text: string
  reasoning: string | undefined
  media: readonly MockMedium[]
  toolCalls: readonly { id: string; name: string; arguments: string }[]
  toolCallId: string | undefined
  partial: boolean
}

/** A tool that the request offers. */
export interface MockTool {
  name: string
  description: string | undefined
  /** A JSON Schema. */
  parameters: Readonly<Record<string, unknown>> | undefined
}

/** The options of a request, the same over either protocol: wire names in camel case. Options that were not sent are absent. */
export interface MockParameters {
  enableThinking?: boolean
  thinkingBudget?: number
  preserveThinking?: boolean
  reasoningEffort?: string
  temperature?: number
  topP?: number
  topK?: number
  presencePenalty?: number
  repetitionPenalty?: number
  maxTokens?: number
  maxCompletionTokens?: number
  seed?: number
  n?: number
  stop?: unknown
  toolChoice?: 'auto' | 'none' | 'required' | { name: string }
  parallelToolCalls?: boolean
  responseFormat?: { type: string; jsonSchema?: Readonly<Record<string, unknown>> | undefined }
  logprobs?: boolean
  topLogprobs?: number
  enableSearch?: boolean
  searchOptions?: Readonly<Record<string, unknown>>
}

/** A request that arrived at the mock. */
export interface MockRequest {
  /**
   * `policy` and `upload` are the two steps of an upload, `token` creates a temporary key; `unknown` is a path that the service
   * does not have.
   */
  endpoint: 'chat' | 'policy' | 'upload' | 'token' | 'models' | 'unknown'
  /** Undefined for uploads and temporary keys, which both protocols share. */
  protocol: Protocol | undefined
  /** The service in the path of a native request. */
  service: Service | undefined
  method: string
  url: string
  path: string
  /** With lower-case names; the value of a key is left out. */
  headers: Readonly<Record<string, string>>
  /**
   * The body on the wire: parsed JSON, any other text, or the fields of an upload's form. Data URLs of more than 1,024
   * characters end with their size and digest.
   */
  body: unknown
  /** Whether the request is for a stream. */
  stream: boolean
  /** The model of the request, if it names one. */
  model: string | undefined
  /** The messages, the same over either protocol. These and the next three fields are empty for other endpoints. */
  messages: readonly MockMessage[]
  /** The media of all messages. */
  media: readonly MockMedium[]
  tools: readonly MockTool[]
  parameters: Readonly<MockParameters>
  /** The errors and warnings of the service; empty for a valid request. */
  issues: readonly Issue[]
}

/** Returns the headers of a request without the key. */
export function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].map(([name, value]) => [
      name,
      /^(authorization|cookie|proxy-authorization)$/.test(name) ? value.replace(/\S+$/, '***') : value,
    ]),
  )
}
