/**
 * The source of an image or a video: a URL (`https:`, `http:`, `data:` or `oss:`) as a string or `URL`, or the bytes
 * themselves as a `Blob`, `File` (see `fromFile` of `@dualscope/core/node`), `Uint8Array` or `ArrayBuffer`. A `data:` URL is
 * read like bytes. A path is never read from a string.
 */
export type MediaSource = string | URL | Blob | Uint8Array | ArrayBuffer

/** A piece of text. */
export interface TextPart {
  type: 'text'
  text: string
  /**
   * Marks the end of a prefix that the service keeps in its context cache for 5 minutes: at most 4 marks a request. A prefix below
   * 1,024 tokens is not kept (Model Studio, "Context Cache", 2026-10-11).
   */
  cache?: boolean | undefined
}

/** One picture. Each side over 10 px, ratio at most 200:1, at most 10 MB (Kimi page, "Batasan gambar"). */
export interface ImagePart {
  type: 'image'
  image: MediaSource
  /** As in `TextPart`. */
  cache?: boolean | undefined
}

/** A video file, of which the service samples frames (Kimi page, "Pemahaman video"). */
export interface VideoPart {
  type: 'video'
  video: MediaSource
  /** Frames to sample a second, 0.1 to 10. @default 2 (the service's) */
  fps?: number | undefined
  /** The most frames to sample, 1 to 2000; native protocol only. @default 2000 (the service's) */
  maxFrames?: number | undefined
  /** As in `TextPart`. */
  cache?: boolean | undefined
}

/** A video as a list of 4 to 2000 pictures, in order. */
export interface FramesPart {
  type: 'frames'
  frames: readonly MediaSource[]
  /** How many of the pictures make a second of the video they were taken from, 0.1 to 10. @default 2 (the service's) */
  fps?: number | undefined
  /** As in `TextPart`. */
  cache?: boolean | undefined
}

/** A piece of what the user says. Videos and frames need a model that sees them: `modelInfo(id).inputs`. */
export type ContentPart = TextPart | ImagePart | VideoPart | FramesPart

/** A call of a tool that the model asks for. */
export interface ToolCall {
  /** Opaque: it goes back as it came. */
  id: string
  name: string
  /** The raw JSON text as the model wrote it, never rewritten; it may be invalid, and empty where there are no arguments. */
  arguments: string
}

/** The instructions for the model, as the first message. */
export interface SystemMessage {
  role: 'system'
  content: string | readonly TextPart[]
}

/** A turn of the user: text, images and videos. An empty content is a `validation` error. */
export interface UserMessage {
  role: 'user'
  content: string | readonly ContentPart[]
}

/** A turn of the model: push `result.message` onto the history as it is, with its reasoning and tool calls. */
export interface AssistantMessage {
  role: 'assistant'
  content: string
  /** The chain of thought that came with this message. Kept in the history, it is sent back where the model wants it. */
  reasoning?: string | undefined
  /** The calls it asked for; each is answered by a `ToolMessage` that follows. */
  toolCalls?: readonly ToolCall[] | undefined
  /**
   * The answer goes on from this content (partial mode), on the last message. `result.text` is then the continuation alone;
   * push `result.message` behind this one, and both go out as one message.
   */
  partial?: boolean | undefined
}

/** The result of a tool call, after the assistant message that made the call. Without such a call it is a `validation` error. */
export interface ToolMessage {
  role: 'tool'
  /** The `id` of the call that it answers. */
  toolCallId: string
  content: string
}

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage
