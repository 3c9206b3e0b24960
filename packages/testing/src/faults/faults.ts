import type { AnswerFault, BodyFault } from './fault.ts'

/**
 * Makes faults: plain data for a scenario's `fault`, or for `breakBody`.
 *
 * ```ts
 * mock.use({ text: 'Hello', fault: [faults.crlf(), faults.split(3)] })
 * ```
 */
export const faults = {
  /** Writes of `size` bytes each. */
  split: (size = 1): BodyFault => ({ type: 'split', size }),
  /** Writes that end inside a character wherever one has several bytes. */
  splitCharacters: (): BodyFault => ({ type: 'split-characters' }),
  /** CR LF instead of LF. */
  crlf: (): BodyFault => ({ type: 'crlf' }),
  /** Several frames in one write; all of them by default. */
  coalesce: (frames?: number): BodyFault => ({ type: 'coalesce', frames }),
  /** A comment line before every `every`th frame. */
  heartbeat: (every = 1, comment = 'heartbeat'): BodyFault => ({ type: 'heartbeat', every, comment }),
  /** The last frame is not followed by a blank line. */
  noLastBlankLine: (): BodyFault => ({ type: 'no-last-blank-line' }),
  /** Compatible: the stream ends without `[DONE]`. */
  noDone: (): BodyFault => ({ type: 'no-done' }),
  /** A byte order mark before the first byte. */
  byteOrderMark: (): BodyFault => ({ type: 'byte-order-mark' }),
  /** The body ends, well-formed, after so many frames. */
  end: (after: number): BodyFault => ({ type: 'end', after }),
  /** The connection breaks after so many bytes. */
  reset: (afterBytes: number): BodyFault => ({ type: 'reset', afterBytes }),
  /** Nothing more comes after so many frames: for `ms`, or until the caller gives up. */
  stall: (after: number, ms?: number): BodyFault => ({ type: 'stall', after, ms }),
  /** A gateway's HTML page. */
  html: (status = 502): AnswerFault => ({ type: 'html', status }),
  /** No body at all. */
  empty: (status = 500): AnswerFault => ({ type: 'empty', status }),
  /** 429 of requests per minute, with or without `Retry-After`: seconds, or the date to wait for. */
  throttle: (retryAfter?: number | Date): AnswerFault => ({ type: 'throttle', retryAfter }),
  /** The body as it is, under another content type; none without a value. */
  contentType: (value?: string): AnswerFault => ({ type: 'content-type', value }),
  /** A redirect. */
  redirect: (location: string, status = 307): AnswerFault => ({ type: 'redirect', location, status }),
  /** An error inside the stream after so many frames; by default the output is blocked by moderation. */
  errorFrame: (
    after = 1,
    status = 400,
    code: string | { compatible: string; dashscope: string } = {
      compatible: 'data_inspection_failed',
      dashscope: 'DataInspectionFailed',
    },
    message = 'Output data may contain inappropriate content.',
  ): AnswerFault => ({ type: 'error-frame', after, status, code, message }),
  /** The connection is refused: `fetch` rejects. */
  noConnection: (): AnswerFault => ({ type: 'no-connection' }),
  /** The head of the answer comes late: after `ms`, or never. */
  silence: (ms?: number): AnswerFault => ({ type: 'silence', ms }),
  /** A whole JSON answer though a stream was asked for. */
  notStreamed: (): AnswerFault => ({ type: 'not-streamed' }),
} as const
