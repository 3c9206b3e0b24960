/**
 * Features that a transport may lack. A request for one that is not claimed must fail before anything is sent; the suite checks
 * that instead.
 */
export interface Features {
  /** Reasoning: `thinking`, and reasoning in the answer. */
  thinking: boolean
  /** `thinking.preserve` and `thinking.effort`. */
  thinkingOptions: boolean
  tools: boolean
  images: boolean
  video: boolean
  /** A video as a list of pictures. */
  frames: boolean
  /** `maxFrames` on a video. */
  maxFrames: boolean
  /** Blobs as data URLs. */
  blobs: boolean
  /** Blobs through an upload, as `oss://` URLs. */
  uploads: boolean
  /** `cache` on a part. */
  cache: boolean
  /** `output`. */
  structuredOutput: boolean
  /** `search`. */
  search: boolean
  /** `result.sources`, and the `search` options that request them. */
  sources: boolean
  /** Partial mode. */
  partial: boolean
  logprobs: boolean
  /** Separate token counts of reasoning, images and videos. */
  usageDetails: boolean
  /** `maxCompletionTokens`, `presencePenalty`, `repetitionPenalty` and `seed`. */
  serviceOptions: boolean
  /** `incrementalOutput: false`: each frame repeats the whole answer so far. */
  cumulative: boolean
  /** A second path, tried when the first does not serve a model. */
  routes: boolean
}

/** The name of a feature that a transport may lack. */
export type Feature = keyof Features

const all: Features = {
  thinking: true,
  thinkingOptions: true,
  tools: true,
  images: true,
  video: true,
  frames: true,
  maxFrames: true,
  blobs: true,
  uploads: true,
  cache: true,
  structuredOutput: true,
  search: true,
  sources: true,
  partial: true,
  logprobs: true,
  usageDetails: true,
  serviceOptions: true,
  cumulative: true,
  routes: true,
}

// The documents describe chat/completions without these. Other protocols declare their own gaps.
const lacking: Readonly<Record<string, Partial<Features>>> = {
  compatible: { maxFrames: false, sources: false, cumulative: false, routes: false },
}

/** The names of all features. */
export const featureNames = Object.keys(all)

/** Returns the claimed features: all that the protocol supports, unless one is declared absent. */
export function claimedFeatures(protocol: string, declared: Partial<Features>): Features {
  return { ...all, ...lacking[protocol], ...declared }
}
