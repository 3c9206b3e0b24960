import { InvalidArgumentError, type SharedV4ProviderOptions } from '@ai-sdk/provider'
import type { SearchOptions, ThinkingOptions } from '@dualscope/core'

/** `providerOptions.dualscope` of a call: what the AI SDK has no setting for. */
export interface DualscopeCallOptions {
  /** Whether and how to think. It takes precedence over the AI SDK's `reasoning`. @default the model's own */
  thinking?: boolean | ThinkingOptions | undefined
  /** Lets the model search the web. The native protocol returns the pages as sources. */
  search?: boolean | SearchOptions | undefined
  /** Fields that Dualscope does not know, sent as they are (see `ChatRequest.extra`). */
  extra?: Readonly<Record<string, unknown>> | undefined
  /** The most tokens of reasoning and answer together; `maxOutputTokens` counts the answer alone. */
  maxCompletionTokens?: number | undefined
  /** Over 0. */
  repetitionPenalty?: number | undefined
  /** `true`, or how many alternatives a token, 0 to 5. They come back in `providerMetadata.dualscope.logprobs`. */
  logprobs?: boolean | number | undefined
  /** Whether the model may ask for several calls at once. @default false (the service's) */
  parallelToolCalls?: boolean | undefined
}

/** `providerOptions.dualscope` of a message. */
export interface DualscopeMessageOptions {
  /** On the last message, one of the assistant: the answer continues its text (partial mode). */
  partial?: boolean | undefined
  /** On a message of the system or the user: as on its last part. */
  cache?: boolean | undefined
}

/** `providerOptions.dualscope` of a text or file part of a user message. */
export interface DualscopePartOptions {
  /** Frames to sample a second, 0.1 to 10; of a frame list, how many frames make a second. @default 2 (the service's) */
  fps?: number | undefined
  /** The most frames to sample of a video, 1 to 2000. Native protocol only. @default 2000 (the service's) */
  maxFrames?: number | undefined
  /** Marks the end of a prefix that the service may keep in its context cache. */
  cache?: boolean | undefined
  /** Consecutive images with the same name here are the frames of one video, 4 to 2000 of them. */
  frameOf?: string | undefined
}

interface Levels {
  call: DualscopeCallOptions
  message: DualscopeMessageOptions
  part: DualscopePartOptions
}

const names: { [L in keyof Levels]: readonly (keyof Levels[L])[] } = {
  call: ['thinking', 'search', 'extra', 'maxCompletionTokens', 'repetitionPenalty', 'logprobs', 'parallelToolCalls'],
  message: ['partial', 'cache'],
  part: ['fps', 'maxFrames', 'cache', 'frameOf'],
}

/**
 * Returns `providerOptions.dualscope`. Throws `InvalidArgumentError` for a name that does not exist at this level; the values
 * are checked with the rest of the request.
 */
export function readProviderOptions<L extends keyof Levels>(
  level: L,
  providerOptions: SharedV4ProviderOptions | undefined,
): Levels[L] {
  const options = providerOptions?.['dualscope'] ?? {}
  const known: readonly PropertyKey[] = names[level]
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue
    const home = Object.entries<readonly PropertyKey[]>(names).find(([, others]) => others.includes(name))?.[0]
    const advice = home ? `it belongs to a ${home}` : `a ${level} has ${names[level].join(', ')}`
    throw new InvalidArgumentError({
      argument: 'providerOptions',
      message: `providerOptions.dualscope.${name}: unknown on a ${level}; ${advice}`,
    })
  }
  // The core validates the values, and names those that are wrong.
  return options
}
