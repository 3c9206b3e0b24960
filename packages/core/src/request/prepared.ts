import type {
  AssistantMessage,
  FramesPart,
  ImagePart,
  SystemMessage,
  TextPart,
  ToolMessage,
  UserMessage,
  VideoPart,
} from '../chat/message.ts'

/** A part whose images and videos are URLs that the service can read: `https:`, `http:`, `data:` or `oss:`. */
export type PreparedPart =
  | TextPart
  | (Omit<ImagePart, 'image'> & { image: string })
  | (Omit<VideoPart, 'video'> & { video: string })
  | (Omit<FramesPart, 'frames'> & { frames: readonly string[] })

/** A message as a codec writes it: no bytes are left in it. */
export type PreparedMessage =
  | SystemMessage
  | (Omit<UserMessage, 'content'> & { content: string | readonly PreparedPart[] })
  | AssistantMessage
  | ToolMessage
