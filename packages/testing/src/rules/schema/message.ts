import * as z from 'zod/mini'

import { missingOrInvalid } from '../issue.ts'

/** The message of the service for an invalid message. */
export const noMessage = 'Input should be a valid dictionary or instance of GPT3Message'

/** Fields besides the content of a message, in both protocols. */
export const messageShape = {
  name: z.nullish(z.string(missingOrInvalid('name'))),
  reasoning_content: z.nullish(z.string(missingOrInvalid('reasoning_content'))),
  partial: z.nullish(z.boolean(missingOrInvalid('partial'))),
  tool_call_id: z.nullish(z.string(missingOrInvalid('tool_call_id'))),
  // Only on a system message of kimi-k3 ("dynamic tools").
  tools: z.nullish(z.array(z.unknown(), missingOrInvalid('messages.tools'))),
  tool_calls: z.nullish(
    z.array(
      z.looseObject(
        {
          id: z.string(missingOrInvalid('tool_calls.id')).check(z.minLength(1, missingOrInvalid('tool_calls.id'))),
          type: z.literal('function', missingOrInvalid('tool_calls.type')),
          index: z.nullish(z.int(missingOrInvalid('tool_calls.index'))),
          function: z.looseObject(
            {
              name: z.string(missingOrInvalid('tool_calls.function.name')),
              arguments: z.string(missingOrInvalid('tool_calls.function.arguments')),
            },
            missingOrInvalid('tool_calls.function'),
          ),
        },
        missingOrInvalid('tool_calls'),
      ),
      missingOrInvalid('tool_calls'),
    ),
  ),
}

const fpsWords = missingOrInvalid('fps')
/** The message of the service for an invalid number of frames, with its spelling. */
export const framesWords =
  'The video modality input does not meet the requirements because: the range of sequence images shoule be (4, 2000).'

/** Frames per second ("Kimi" page, "Pemahaman video"). */
export const fps = z.nullish(z.number(fpsWords).check(z.gte(0.1, fpsWords), z.lte(10, fpsWords)))

/** A video as a list of pictures. How many there may be depends on the model. */
export const frameList = z.array(z.string(framesWords), framesWords).check(z.minLength(1, framesWords))

/** The mark of an explicit cache. */
export const cacheControl = z.nullish(
  z.looseObject({ type: z.literal('ephemeral', missingOrInvalid('cache_control')) }, missingOrInvalid('cache_control')),
)
