import * as z from 'zod/mini'

// Only what is read; unknown fields pass, and whatever may be missing may be null too.

const toolCall = z.object({
  index: z.nullish(z.number()),
  id: z.nullish(z.string()),
  function: z.nullish(z.object({ name: z.nullish(z.string()), arguments: z.nullish(z.string()) })),
})

const message = z.object({
  content: z.nullish(z.string()),
  reasoning_content: z.nullish(z.string()),
  tool_calls: z.nullish(z.array(toolCall)),
})

const count = z.nullish(z.number())

const usage = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  completion_tokens_details: z.nullish(z.object({ reasoning_tokens: count })),
  prompt_tokens_details: z.nullish(
    z.object({
      cached_tokens: count,
      cache_creation_input_tokens: count,
      image_tokens: count,
      video_tokens: count,
    }),
  ),
})

/** The usage of an answer, as it is written. */
export type WireUsage = z.infer<typeof usage>

/** A `chat.completion`, or a `chat.completion.chunk`: they differ in `message` and `delta` alone. */
export const completion = z.object({
  id: z.nullish(z.string()),
  model: z.nullish(z.string()),
  request_id: z.nullish(z.string()),
  choices: z.array(
    z.object({
      message: z.nullish(message),
      delta: z.nullish(message),
      finish_reason: z.nullish(z.string()),
      logprobs: z.nullish(z.unknown()),
    }),
  ),
  usage: z.nullish(usage),
})

/** A message of the service that fits. */
export type WireCompletion = z.infer<typeof completion>
