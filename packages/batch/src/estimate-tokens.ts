import type { ChatChunk, ContentPart, TransportRequest } from '@dualscope/core'

/** Characters per token, low enough for Chinese text mixed with English. */
const charactersPerToken = 2.5
/** Tokens of one image. Model Studio bills about 1,000 for a photo of 1000 × 1000. */
const tokensPerImage = 1200
const tokensPerVideo = 12_000
/** Tokens of an answer whose length is not limited. */
const usualAnswer = 800

/** Estimates the tokens of a request and its answer from its characters, its media and its limit of tokens. */
export function estimateTokens(request: TransportRequest): number {
  const { messages, tools = [], maxTokens, maxCompletionTokens } = request
  let tokens = Math.min(maxCompletionTokens ?? Number.POSITIVE_INFINITY, maxTokens ?? usualAnswer)
  for (const { content } of messages) {
    if (typeof content === 'string') tokens += content.length / charactersPerToken
    else for (const part of content) tokens += tokensOfPart(part)
  }
  for (const { name, description } of tools) tokens += 50 + (name.length + description.length) / charactersPerToken
  return Math.max(1, Math.ceil(tokens))
}

function tokensOfPart(part: ContentPart): number {
  if (part.type === 'text') return part.text.length / charactersPerToken
  if (part.type === 'image') return tokensPerImage
  return part.type === 'video' ? tokensPerVideo : part.frames.length * (tokensPerImage / 2)
}

/** Returns the tokens that the service counted, if the chunk has them. */
export function tokensUsed({ usage }: ChatChunk): number | undefined {
  return usage?.totalTokens
}
