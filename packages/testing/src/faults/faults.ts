import * as z from 'zod/mini'

import { checkOptions, expects } from '../check-options.ts'
import { type Place, placeSchema } from './place.ts'

const bytes = expects.count(1, 'bytes')
const frames = expects.count(1, 'frames')
const line = z.string('a text of one line').check(z.regex(/^[^\r\n]*$/, 'a text of one line'))
const redirectStatus = 'a status of redirects, 300 to 399'

/** Returns a value, or throws a `TypeError`: a fault without effect would let a test pass. */
function checked<T>(schema: z.ZodMiniType, value: T, place: string): T {
  checkOptions(schema, value, `faults.${place}`)
  return value
}

function at(after: Place, fault: string): Place {
  return checked(placeSchema, after, `${fault}: after`)
}

function statusOf(status: number, fault: string): number {
  return checked(expects.status, status, `${fault}: status`)
}

function timeOf(ms: number | undefined, fault: string): number | undefined {
  return checked(z.optional(expects.milliseconds), ms, `${fault}: ms`)
}

/** Faults in the bytes of a body. A frame ends with a blank line. */
const bodyFaults = {
  /** Writes of `size` bytes each. */
  split: (size = 1) => ({ type: 'split' as const, size: checked(bytes, size, 'split: size') }),
  /** Writes that end inside a character wherever one has several bytes. */
  splitCharacters: () => ({ type: 'split-characters' as const }),
  /** CR LF instead of LF. */
  crlf: () => ({ type: 'crlf' as const }),
  /** Several frames in one write; all of them by default. */
  coalesce: (count?: number) => ({
    type: 'coalesce' as const,
    frames: checked(z.optional(frames), count, 'coalesce: frames'),
  }),
  /** A comment line before every `every`th frame. */
  heartbeat: (every = 1, comment = 'heartbeat') => ({
    type: 'heartbeat' as const,
    every: checked(frames, every, 'heartbeat: every'),
    comment: checked(line, comment, 'heartbeat: comment'),
  }),
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
  /** The body stalls after a place: for `ms`, or until the caller gives up. */
  stall: (after: Place, ms?: number) => ({
    type: 'stall' as const,
    after: at(after, 'stall'),
    ms: timeOf(ms, 'stall'),
  }),
}

/** Faults of an answer as a whole. */
const answerFaults = {
  /** The HTML page of a gateway. */
  html: (status = 502) => ({ type: 'html' as const, status: statusOf(status, 'html') }),
  /** A response without a body. */
  empty: (status = 500) => ({ type: 'empty' as const, status: statusOf(status, 'empty') }),
  /** 429 of requests per minute, with or without `Retry-After`: seconds, or the date to wait for. */
  throttle: (retryAfter?: number | Date) => ({
    type: 'throttle' as const,
    retryAfter: checked(z.optional(expects.retryAfter), retryAfter, 'throttle: retryAfter'),
  }),
  /** The body as it is, under another content type; without a value, under none. */
  contentType: (value?: string) => ({ type: 'content-type' as const, value }),
  /** A redirect. */
  redirect: (location: string, status = 307) => ({
    type: 'redirect' as const,
    location,
    status: checked(
      z.int(redirectStatus).check(z.gte(300, redirectStatus), z.lte(399, redirectStatus)),
      status,
      'redirect: status',
    ),
  }),
  /** An error inside the stream after a place, or instead of a whole answer; by default, moderation blocks the output. */
  errorFrame: (
    after: Place = 1,
    status = 400,
    code: string | { compatible: string; dashscope: string } = {
      compatible: 'data_inspection_failed',
      dashscope: 'DataInspectionFailed',
    },
    message = 'Output data may contain inappropriate content.',
  ) => ({
    type: 'error-frame' as const,
    after: at(after, 'errorFrame'),
    status: statusOf(status, 'errorFrame'),
    code,
    message,
  }),
  /** The connection is refused: `fetch` rejects. */
  noConnection: () => ({ type: 'no-connection' as const }),
  /** The head of the answer comes after `ms`, or never. */
  silence: (ms?: number) => ({ type: 'silence' as const, ms: timeOf(ms, 'silence') }),
  /** A whole JSON answer to a request for a stream. */
  notStreamed: () => ({ type: 'not-streamed' as const }),
}

/**
 * Creates faults: plain data for a scenario's `fault`, or for `applyBodyFault`. Each throws a `TypeError` for a value without
 * effect.
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
