import { accumulated, createAccumulator } from '../stream/accumulate.ts'
import type { Batches } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import { DualscopeError } from '../errors.ts'
import type { ChatResult } from '../result.ts'

/** The answer to a request for no stream as one chunk, also where the service answered with a stream. */
export async function wholeChunk(
  batches: Batches<ChatChunk>,
  asked: { protocol: string; model: string },
): Promise<ChatChunk> {
  const seen: ChatChunk[] = []
  try {
    for (let step = await batches.next(); !step.done; step = await batches.next()) seen.push(...step.value)
  } catch (error) {
    if (seen.length > 0 && error instanceof DualscopeError) error.partial ??= soFar(seen, asked)
    throw error
  }
  const [only, ...more] = seen
  return only && more.length === 0 ? only : asChunk(accumulated(seen, asked))
}

function soFar(chunks: readonly ChatChunk[], asked: { protocol: string; model: string }): ChatResult {
  const answer = createAccumulator(asked)
  for (const chunk of chunks) answer.push(chunk, () => {})
  return answer.result()
}

function asChunk({ toolCalls, output: _output, message: _message, ...rest }: ChatResult): ChatChunk {
  return { ...rest, toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }
}
