import * as z from 'zod/mini'

// Only what is read; unknown fields pass, and whatever may be missing may be null too.

const toolCall = z.object({
  index: z.nullish(z.number()),
  id: z.nullish(z.string()),
  function: z.nullish(z.object({ name: z.nullish(z.string()), arguments: z.nullish(z.string()) })),
})

const message = z.object({
  // text-generation answers with a text, multimodal-generation with parts; pages print one for the other.
  content: z.nullish(z.union([z.string(), z.array(z.object({ text: z.nullish(z.string()) }))])),
  reasoning_content: z.nullish(z.string()),
  tool_calls: z.nullish(z.array(toolCall)),
})

const count = z.nullish(z.number())

const usage = z.object({
  input_tokens: count,
  output_tokens: count,
  total_tokens: count,
  image_tokens: count,
  video_tokens: count,
  output_tokens_details: z.nullish(z.object({ reasoning_tokens: count })),
  input_tokens_details: z.nullish(z.object({ image_tokens: count, video_tokens: count })),
  // Not a mistake: cached input is told under the other protocol's name.
  prompt_tokens_details: z.nullish(z.object({ cached_tokens: count, cache_creation_input_tokens: count })),
})

/** The usage of an answer, as it is written. */
export type WireUsage = z.infer<typeof usage>

const searchResult = z.object({
  title: z.nullish(z.string()),
  url: z.nullish(z.string()),
  site_name: z.nullish(z.string()),
  icon: z.nullish(z.string()),
  index: count,
})

/** A page that web search found, as it is written. */
export type WireSearchResult = z.infer<typeof searchResult>

/** A whole answer, or a frame of a streamed one: they are alike. */
export const generation = z.object({
  request_id: z.nullish(z.string()),
  output: z.object({
    choices: z.nullish(
      z.array(
        z.object({
          message: z.nullish(message),
          finish_reason: z.nullish(z.string()),
          logprobs: z.nullish(z.unknown()),
        }),
      ),
    ),
    // The older form of text-generation, which some models answer in whatever is asked.
    text: z.nullish(z.string()),
    finish_reason: z.nullish(z.string()),
    search_info: z.nullish(z.object({ search_results: z.nullish(z.array(searchResult)) })),
  }),
  usage: z.nullish(usage),
})

/** A message of the service that fits. */
export type WireGeneration = z.infer<typeof generation>
