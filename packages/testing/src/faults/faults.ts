import { checkPlace, type Place } from './place.ts'

function at(after: Place, fault: string): Place {
  checkPlace(after, fault)
  return after
}

/** Faults in the bytes of a body. A frame is what a blank line ends. */
const bodyFaults = {
  /** Writes of `size` bytes each. */
  split: (size = 1) => ({ type: 'split' as const, size }),
  /** Writes that end inside a character wherever one has several bytes. */
  splitCharacters: () => ({ type: 'split-characters' as const }),
  /** CR LF instead of LF. */
  crlf: () => ({ type: 'crlf' as const }),
  /** Several frames in one write; all of them by default. */
  coalesce: (frames?: number) => ({ type: 'coalesce' as const, frames }),
  /** A comment line before every `every`th frame. */
  heartbeat: (every = 1, comment = 'heartbeat') => ({ type: 'heartbeat' as const, every, comment }),
  /** The last frame is not followed by a blank line. */
  noLastBlankLine: () => ({ type: 'no-last-blank-line' as const }),
  /** Compatible: the stream ends without `[DONE]`. */
  noDone: () => ({ type: 'no-done' as const }),
  /** A byte order mark before the first byte. */
  byteOrderMark: () => ({ type: 'byte-order-mark' as const }),
  /** The body ends, well-formed, after a place: `faults.end({ text: 2 })`. */
  end: (after: Place) => ({ type: 'end' as const, after: at(after, 'end') }),
  /** The connection breaks after a place: `faults.reset({ bytes: 900 })`. */
  reset: (after: Place) => ({ type: 'reset' as const, after: at(after, 'reset') }),
  /** Nothing more comes after a place: for `ms`, or until the caller gives up. */
  stall: (after: Place, ms?: number) => ({ type: 'stall' as const, after: at(after, 'stall'), ms }),
}

/** Faults of an answer as a whole. */
const answerFaults = {
  /** A gateway's HTML page. */
  html: (status = 502) => ({ type: 'html' as const, status }),
  /** No body at all. */
  empty: (status = 500) => ({ type: 'empty' as const, status }),
  /** 429 of requests per minute, with or without `Retry-After`: seconds, or the date to wait for. */
  throttle: (retryAfter?: number | Date) => ({ type: 'throttle' as const, retryAfter }),
  /** The body as it is, under another content type; none without a value. */
  contentType: (value?: string) => ({ type: 'content-type' as const, value }),
  /** A redirect. */
  redirect: (location: string, status = 307) => ({ type: 'redirect' as const, location, status }),
  /** An error inside the stream after a place; by default the output is blocked by moderation. A whole answer fails with it. */
  errorFrame: (
    after: Place = 1,
    status = 400,
    code: string | { compatible: string; dashscope: string } = {
      compatible: 'data_inspection_failed',
      dashscope: 'DataInspectionFailed',
    },
    message = 'Output data may contain inappropriate content.',
  ) => ({ type: 'error-frame' as const, after: at(after, 'errorFrame'), status, code, message }),
  /** The connection is refused: `fetch` rejects. */
  noConnection: () => ({ type: 'no-connection' as const }),
  /** The head of the answer comes late: after `ms`, or never. */
  silence: (ms?: number) => ({ type: 'silence' as const, ms }),
  /** A whole JSON answer though a stream was asked for. */
  notStreamed: () => ({ type: 'not-streamed' as const }),
}

/**
 * Creates faults: plain data for a scenario's `fault`, or for `applyBodyFault`.
 *
 * ```ts
 * mock.use({ text: 'Hello', fault: [faults.crlf(), faults.split(3)] })
 * ```
 */
export const faults = { ...bodyFaults, ...answerFaults } as const

/** A fault in the bytes of a body. */
export type BodyFault = ReturnType<(typeof bodyFaults)[keyof typeof bodyFaults]>

/** A fault of an answer as a whole. */
export type AnswerFault = ReturnType<(typeof answerFaults)[keyof typeof answerFaults]>

/** A fault of an answer. */
export type Fault = BodyFault | AnswerFault
