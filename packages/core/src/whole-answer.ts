import type { ChatChunk } from './chat/chunk.ts'
import { resultOf, unfinished, type Asked } from './result-of.ts'
import type { ChatResult } from './chat/result.ts'
import { loadStreaming } from './stream/load-streaming.ts'

/** The result of an answer that came whole; without a finish reason it is `incomplete`. */
export async function wholeAnswer(chunk: ChatChunk, asked: Asked): Promise<ChatResult> {
  if (chunk.toolCalls?.length) {
    const { accumulated } = await loadStreaming()
    return accumulated([chunk], asked)
  }
  const result = resultOf(chunk, [], asked)
  if (!chunk.finishReason) throw unfinished(result)
  return result
}
