/** Something wrong with the bytes of a body. Frames are what a blank line ends. */
export type BodyFault =
  /** Writes of `size` bytes each. */
  | { type: 'split'; size: number }
  /** Writes that end inside a character wherever one has several bytes. */
  | { type: 'split-characters' }
  /** CR LF instead of LF. */
  | { type: 'crlf' }
  /** Several frames in one write; all of them by default. */
  | { type: 'coalesce'; frames?: number | undefined }
  /** A comment line before every `every`th frame. */
  | { type: 'heartbeat'; every?: number | undefined; comment?: string | undefined }
  /** The last frame is not followed by a blank line. */
  | { type: 'no-last-blank-line' }
  /** Compatible: the stream ends without `[DONE]`. */
  | { type: 'no-done' }
  /** A byte order mark before the first byte. */
  | { type: 'byte-order-mark' }
  /** The body ends, well-formed, after so many frames. */
  | { type: 'end'; after: number }
  /** The connection breaks after so many bytes. */
  | { type: 'reset'; afterBytes: number }
  /** Nothing more comes after so many frames: for `ms`, or until the caller gives up. */
  | { type: 'stall'; after: number; ms?: number | undefined }

/** Something wrong with the answer as a whole. */
export type AnswerFault =
  /** A gateway's HTML page. */
  | { type: 'html'; status: number }
  /** No body at all. */
  | { type: 'empty'; status: number }
  /** 429 of requests per minute, with or without `Retry-After`: seconds, or the date to wait for. */
  | { type: 'throttle'; retryAfter?: number | Date | undefined }
  /** The body as it is, under another content type; `undefined` sends none. */
  | { type: 'content-type'; value: string | undefined }
  /** A redirect. */
  | { type: 'redirect'; location: string; status: number }
  /** An error inside the stream, after so many frames; an HTTP error where no stream was asked for. */
  | {
      type: 'error-frame'
      after: number
      status: number
      code: string | { compatible: string; dashscope: string }
      message: string
    }
  /** The connection is refused: `fetch` rejects. */
  | { type: 'no-connection' }
  /** The head of the answer comes late: after `ms`, or never. */
  | { type: 'silence'; ms?: number | undefined }
  /** A whole JSON answer though a stream was asked for. */
  | { type: 'not-streamed' }

/** Something to go wrong with an answer. */
export type Fault = BodyFault | AnswerFault
