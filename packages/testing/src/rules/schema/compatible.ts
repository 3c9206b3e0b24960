import * as z from 'zod/mini'

import { missingOrInvalid } from '../issue.ts'
import { cacheControl, fps, frameList, messageShape, noMessage } from './message.ts'
import { optionsShape } from './options.ts'

const noUrl = 'The provided URL does not appear to be valid. Ensure it is correctly formatted.'
const reference = z.looseObject({ url: z.string(noUrl) }, noUrl)

/** A part of a user's message, by its `type` ("Kimi" page; OpenAI-compatible reference). */
const part = z.discriminatedUnion(
  'type',
  [
    z.looseObject({
      type: z.literal('text'),
      text: z.string(missingOrInvalid('content.text')),
      cache_control: cacheControl,
    }),
    z.looseObject({ type: z.literal('image_url'), image_url: reference, cache_control: cacheControl }),
    z.looseObject({
      type: z.literal('video_url'),
      video_url: reference,
      fps,
      // "The value cannot be customised" (OpenAI-compatible reference).
      max_frames: z.optional(z.undefined(missingOrInvalid('max_frames'))),
      cache_control: cacheControl,
    }),
    z.looseObject({
      type: z.literal('video'),
      video: frameList,
      fps,
      max_frames: z.optional(z.undefined(missingOrInvalid('max_frames'))),
      cache_control: cacheControl,
    }),
    z.looseObject({ type: z.literal('input_audio') }),
  ],
  'Invalid part type.',
)

const roles = ['system', 'assistant', 'user', 'tool', 'function'] as const
const listed = roles.map((role) => `'${role}'`).join(', ')

const message = z.looseObject(
  {
    role: z.enum(roles, { error: ({ input }) => `'${String(input)}' is not one of [${listed}]` }),
    content: z.nullish(z.union([z.string(), z.array(part)], noMessage)),
    ...messageShape,
  },
  noMessage,
)

/** A documented body of `chat/completions`. */
export const compatibleSchema = z.looseObject(
  {
    ...optionsShape,
    model: z.string('you must provide a model parameter.').check(z.minLength(1, 'you must provide a model parameter.')),
    messages: z.array(message, missingOrInvalid('messages')).check(z.minLength(1, '[] is too short')),
    stream: z.nullish(z.boolean(missingOrInvalid('stream'))),
    stream_options: z.nullish(
      z.looseObject(
        { include_usage: z.nullish(z.boolean(missingOrInvalid('stream_options.include_usage'))) },
        missingOrInvalid('stream_options'),
      ),
    ),
    seed: z.nullish(
      z
        .int("'seed' must be Integer")
        .check(
          z.gte(0, { error: ({ input }) => `${String(input)} is lesser than the minimum of 0 - 'seed'` }),
          z.lte(2_147_483_647, missingOrInvalid('seed')),
        ),
    ),
  },
  'Required body invalid, please check the request body format.',
)
