import type {
  AssistantMessage,
  FramesPart,
  ImagePart,
  Message,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserMessage,
  VideoPart,
} from '../chat/message.ts'
import type { ThinkingOptions, TransportRequest } from '../chat/request.ts'
import type { JsonSchema } from '../json.ts'
import type { ModelInfo } from '../models/model-info.ts'

/** A field that a protocol or a model does not support. */
export interface UnsupportedField {
  /** In the request's own spelling: `maxFrames`. */
  field: string
  /** The field's place in the request: `messages[0].content[1].maxFrames`. */
  path: string
  /** The reason, and which protocol or model supports it. */
  message: string
}

/** A part whose images and videos are URLs that the service can read: `https:`, `http:`, `data:` or `oss:`. */
export type PreparedPart =
  | TextPart
  | (Omit<ImagePart, 'image'> & { image: string })
  | (Omit<VideoPart, 'video'> & { video: string })
  | (Omit<FramesPart, 'frames'> & { frames: readonly string[] })

/** A message as a codec writes it: without bytes. */
export type PreparedMessage =
  | SystemMessage
  | (Omit<UserMessage, 'content'> & { content: string | readonly PreparedPart[] })
  | AssistantMessage
  | ToolMessage

/** A tool as it is sent. */
export interface PreparedTool {
  name: string
  description: string
  parameters: JsonSchema
}

/** The structure that the service enforces: any JSON, or data that matches a schema. */
export type PreparedOutput = 'json' | { schema: JsonSchema }

/** The thinking options to send, without those that the model always applies. */
export interface PreparedThinking extends ThinkingOptions {
  /** The switch itself; absent where the model needs none. */
  enable?: boolean | undefined
}

/** A request as a codec writes it: its model is known, and it holds only what is sent. */
export interface PreparedRequest extends Omit<
  TransportRequest,
  'messages' | 'model' | 'thinking' | 'tools' | 'output'
> {
  messages: readonly PreparedMessage[]
  model: string
  /** The model's row in the catalogue, also where requests are not checked against it. */
  modelInfo: ModelInfo | undefined
  thinking: PreparedThinking
  tools?: readonly PreparedTool[] | undefined
  output?: PreparedOutput | undefined
  /**
   * The place of each message in the caller's request, for errors: `messages[2]`. Some messages are left out, merged or added.
   * @default the place of each in `messages`
   */
  places?: readonly string[] | undefined
}

/** A prepared request whose media may still be bytes. */
export interface AdaptedRequest extends Omit<PreparedRequest, 'messages' | 'places'> {
  messages: readonly Message[]
  places: readonly string[]
}
