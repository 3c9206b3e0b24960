import * as z from 'zod/mini'

import { missingOrInvalid } from '../issue.ts'
import { cacheControl, fps, frameList, messageShape, noMessage } from './message.ts'
import { optionsShape } from './options.ts'

// Recorded messages of the service.
const noRole = 'Role must be user or assistant and Content length must be greater than 0'
const noModality = 'The item of content should be a message of a certain modal.'
const maxFrames = z.nullish(
  z
    .int(missingOrInvalid('max_frames'))
    .check(z.gte(1, missingOrInvalid('max_frames')), z.lte(2000, missingOrInvalid('max_frames'))),
)

/** A part of a multimodal message: one of four keys names its kind (DashScope reference). */
const part = z
  .looseObject(
    {
      text: z.optional(z.string(noModality)),
      image: z.optional(z.string(noModality)),
      audio: z.optional(z.string(noModality)),
      // A list is validated as a list, so that the error names its length.
      video: z.optional(
        z.pipe(
          z.unknown(),
          z.transform((value, context) => {
            const schema = Array.isArray(value) ? frameList : z.string(noModality)
            const result = schema.safeParse(value)
            if (result.success) return result.data
            context.issues.push({
              code: 'custom',
              message: result.error.issues[0]?.message ?? noModality,
              input: value,
            })
            return z.NEVER
          }),
        ),
      ),
      fps,
      max_frames: maxFrames,
      cache_control: cacheControl,
    },
    noModality,
  )
  .check(
    z.refine(
      (value) => [value.text, value.image, value.video, value.audio].filter((key) => key !== undefined).length === 1,
      noModality,
    ),
  )

const message = z.looseObject(
  {
    role: z.enum(['system', 'user', 'assistant', 'tool', 'function'], noRole),
    content: z.nullish(z.union([z.string(), z.array(z.unknown())], noMessage)),
    ...messageShape,
  },
  noMessage,
)

/** The message of the service for an input without messages. */
export const noMessages = 'Either "prompt" or "messages" must exist and cannot both be none'

/** The parts of a content that is an array. */
export const partsSchema = z.array(part)

/** A documented body of native generation. */
export const dashscopeSchema = z.looseObject(
  {
    model: z
      .string('Required parameter "model" missing from request.')
      .check(z.minLength(1, 'Required parameter "model" missing from request.')),
    input: z
      .looseObject(
        {
          messages: z.optional(z.array(message, noMessages).check(z.minLength(1, '[] is too short'))),
          // The legacy form of text-generation.
          prompt: z.optional(z.string(noMessages).check(z.minLength(1, noMessages))),
          history: z.optional(z.array(z.looseObject({ user: z.string(), bot: z.string() }, noMessages), noMessages)),
        },
        'Required input parameter missing from request.',
      )
      .check(
        z.refine((input) => input.messages !== undefined || input.prompt !== undefined, {
          error: noMessages,
          path: ['messages'],
        }),
      ),
    // One documented error requires it (BadRequest.EmptyParameters); the samples of the "Kimi" page leave it out.
    parameters: z.optional(
      z.looseObject(
        {
          ...optionsShape,
          result_format: z.nullish(z.enum(['text', 'message'], missingOrInvalid('result_format'))),
          incremental_output: z.nullish(z.boolean(missingOrInvalid('incremental_output'))),
          stream: z.nullish(z.boolean(missingOrInvalid('stream'))),
          seed: z.nullish(
            z
              .int('Range of seed should be [0, 9223372036854775807]')
              .check(z.gte(0, 'Range of seed should be [0, 9223372036854775807]')),
          ),
        },
        missingOrInvalid('parameters'),
      ),
    ),
  },
  'The input parameter requires json format.',
)
