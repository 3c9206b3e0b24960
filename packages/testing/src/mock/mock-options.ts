import * as z from 'zod/mini'

import { checkOptions, expects, optionsSchema } from '../check-options.ts'
import { checkRecording, type Recording } from '../recordings/recording.ts'
import type { Model } from '../rules/models.ts'
import type { MockLimits } from './limits.ts'

/** Options of `createMock`. */
export interface MockOptions {
  /**
   * Rejects requests that the documents do not allow, as the service does; otherwise they are only listed in `requests`.
   * Keys, unknown paths and bodies that are not JSON are rejected in any case. @default true
   */
  strict?: boolean | undefined
  /** The one permanent key that is accepted. Temporary keys are accepted until they expire. @default any */
  apiKey?: string | undefined
  /** ms before each frame of a stream, and before a whole answer. @default 0 */
  latency?: number | undefined
  /** Bytes per write. @default one frame per write */
  pieceSize?: number | undefined
  /** Facts of models that the Kimi pages do not describe, or that replace theirs: thinking, service, features. */
  models?: Readonly<Record<string, Partial<Model>>> | undefined
  /**
   * The form of the error for an invalid request for a native stream: a frame inside a stream of status 200, as recorded, or an
   * HTTP status, as newer gateways send. @default 'frame'
   */
  streamErrors?: 'frame' | 'http' | undefined
  /** Limits for each account and model; requests beyond them are answered 429 and take nothing from the queue. @default none */
  limits?: MockLimits | undefined
  /** `oss://` URLs that exist without an upload, for any account and model. @default none */
  uploads?: readonly string[] | undefined
  /**
   * Exchanges recorded with the service, as `loadRecordings` of `@dualscope/testing/recorder` returns them. A chat is answered by
   * a recording of the same request, else of the same path, model and shape, else with an error. Queued scenarios go first.
   * @default none
   */
  recordings?: readonly Recording[] | undefined
  /** The most requests in `requests`; the oldest are dropped. @default 1000 */
  maxRequests?: number | undefined
  /** The most characters of bodies in `requests`, media not counted. The newest request always stays. @default 67108864 */
  maxRequestBytes?: number | undefined
  /** The clock of limits, policies, uploads and temporary keys, in ms; fake timers work with the default. @default Date.now */
  now?: (() => number) | undefined
}

const { flag, callback, milliseconds, count } = expects

const model = optionsSchema({
  thinking: z.optional(z.enum(['optional', 'always', 'never'], "'optional', 'always' or 'never'")),
  refusesSwitch: z.optional(flag),
  service: z.optional(
    z.enum(['text-generation', 'multimodal-generation'], "'text-generation' or 'multimodal-generation'"),
  ),
  protocols: z.optional(z.array(z.enum(['compatible', 'dashscope']), "a list of 'compatible' and 'dashscope'")),
  inputs: z.optional(z.array(z.enum(['image', 'video', 'audio']), "a list of 'image', 'video' and 'audio'")),
  structuredOutput: z.optional(flag),
  search: z.optional(flag),
  partial: z.optional(flag),
  dynamicTools: z.optional(flag),
  moonshot: z.optional(flag),
  efforts: z.optional(z.array(z.string(), 'a list of texts')),
  notSettable: z.optional(z.array(z.string(), 'a list of texts')),
  maxReasoning: z.optional(count(1, 'tokens')),
  maxOutput: z.optional(count(1, 'tokens')),
} satisfies { [Name in keyof Required<Model>]: z.ZodMiniType })

const limits = optionsSchema({
  requestsPerMinute: z.optional(count(0, 'requests')),
  tokensPerMinute: z.optional(count(0, 'tokens')),
} satisfies { [Name in keyof Required<MockLimits>]: z.ZodMiniType })

const mockOptions = optionsSchema({
  strict: z.optional(flag),
  apiKey: z.optional(z.string('a text').check(z.minLength(1, 'a text that is not empty'))),
  latency: z.optional(milliseconds),
  pieceSize: z.optional(count(1, 'bytes')),
  models: z.optional(z.record(z.string(), model, 'an object of models by their ids')),
  streamErrors: z.optional(z.enum(['frame', 'http'], "'frame' or 'http'")),
  limits: z.optional(limits),
  uploads: z.optional(z.array(z.string(), 'a list of oss:// URLs')),
  recordings: z.optional(z.array(z.unknown(), 'a list of recordings')),
  maxRequests: z.optional(count(0, 'requests')),
  maxRequestBytes: z.optional(count(0, 'bytes')),
  now: z.optional(callback),
} satisfies { [Name in keyof Required<MockOptions>]: z.ZodMiniType })

/** Throws a `TypeError` for an unknown option or an unusable value. */
export function checkMockOptions(options: MockOptions): void {
  checkOptions(mockOptions, options, 'createMock')
  for (const [index, recording] of (options.recordings ?? []).entries()) {
    checkRecording(recording, `createMock: recordings[${index}]`)
  }
}
