import * as z from 'zod/mini'

import { missingOrInvalid } from '../issue.ts'

const words = {
  temperature: 'Temperature should be in [0.0, 2.0)',
  topP: 'Range of top_p should be (0.0, 1.0]',
  topK: 'Parameter top_k be greater than or equal to 0',
  presence: 'Presence_penalty should be in [-2.0, 2.0]',
  repetition: 'Repetition_penalty should be greater than 0.0',
  budget: 'The thinking_budget parameter must be a positive integer and not greater than the limit of the model',
  stop: 'The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements within the list must be of the same type.',
  format:
    "Unknown format of response_format, response_format should be a dict, includes 'type' and an optional key 'json_schema'.",
}

function flag(name: string) {
  return z.nullish(z.boolean(missingOrInvalid(name)))
}
function whole(message: string, least: number) {
  return z.nullish(z.int(message).check(z.gte(least, message)))
}

/** A function that the model may call (API references, `tools`). */
export const toolSchema = z.looseObject(
  {
    type: z.literal('function', missingOrInvalid('tools.type')),
    function: z.looseObject(
      {
        name: z
          .string(missingOrInvalid('tools.function.name'))
          .check(z.regex(/^[A-Za-z0-9_-]{1,64}$/, missingOrInvalid('tools.function.name')))
          .check(z.refine((name) => name !== 'search', 'Tool names are not allowed to be [search]')),
        // Documented as required, but popular frameworks leave it out: the rules warn instead.
        description: z.nullish(z.string(missingOrInvalid('tools.function.description'))),
        parameters: z.nullish(z.record(z.string(), z.unknown(), missingOrInvalid('tools.function.parameters'))),
      },
      missingOrInvalid('tools.function'),
    ),
  },
  missingOrInvalid('tools'),
)

/**
 * The options that both protocols spell alike: at the top of a compatible body, in `parameters` of a native one. Ranges and
 * messages are those of the API references and of the "Error messages" page. Unknown keys pass, as at the service.
 */
export const optionsShape = {
  enable_thinking: flag('enable_thinking'),
  thinking_budget: whole(words.budget, 1),
  preserve_thinking: flag('preserve_thinking'),
  reasoning_effort: z.nullish(z.string(missingOrInvalid('reasoning_effort'))),
  temperature: z.nullish(
    z.number("'temperature' must be Float").check(z.gte(0, words.temperature), z.lt(2, words.temperature)),
  ),
  top_p: z.nullish(z.number("'top_p' must be Float").check(z.gt(0, words.topP), z.lte(1, words.topP))),
  top_k: z.nullish(z.int(words.topK).check(z.gte(0, words.topK))),
  presence_penalty: z.nullish(z.number(words.presence).check(z.gte(-2, words.presence), z.lte(2, words.presence))),
  repetition_penalty: z.nullish(z.number(words.repetition).check(z.gt(0, words.repetition))),
  max_tokens: whole('Range of max_tokens should be [1, 2147483647]', 1),
  max_completion_tokens: whole(missingOrInvalid('max_completion_tokens'), 1),
  n: z.nullish(
    z
      .int('Range of n should be [1, 4]')
      .check(z.gte(1, 'Range of n should be [1, 4]'), z.lte(4, 'Range of n should be [1, 4]')),
  ),
  stop: z.nullish(z.union([z.string(), z.array(z.string()), z.array(z.int()), z.array(z.array(z.int()))], words.stop)),
  tools: z.nullish(z.array(toolSchema, missingOrInvalid('tools')).check(z.minLength(1, '[] is too short'))),
  tool_choice: z.nullish(
    z.union(
      [
        z.enum(['auto', 'none', 'required']),
        z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string() }) }),
      ],
      'tool_choice is one of the strings that should be ["none","auto"]',
    ),
  ),
  parallel_tool_calls: flag('parallel_tool_calls'),
  response_format: z.nullish(
    z.looseObject(
      {
        type: z.enum(['text', 'json_object', 'json_schema'], words.format),
        json_schema: z.nullish(z.record(z.string(), z.unknown(), words.format)),
      },
      words.format,
    ),
  ),
  logprobs: flag('logprobs'),
  top_logprobs: z.nullish(
    z
      .int(missingOrInvalid('top_logprobs'))
      .check(z.gte(0, missingOrInvalid('top_logprobs')), z.lte(5, missingOrInvalid('top_logprobs'))),
  ),
  enable_search: flag('enable_search'),
  search_options: z.nullish(z.record(z.string(), z.unknown(), missingOrInvalid('search_options'))),
  vl_high_resolution_images: flag('vl_high_resolution_images'),
}

/** The options, with unknown ones. */
export const optionsSchema = z.looseObject(optionsShape)

/** The valid options of a request. */
export type Options = z.infer<typeof optionsSchema>
