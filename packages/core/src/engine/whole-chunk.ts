import { createAccumulator } from '../stream/accumulate.ts'
import { batchesOf } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import { DualscopeError } from '../errors.ts'
import type { ChatResult } from '../result.ts'

/** The answer to a request for no stream as one chunk, also where the service answered with a stream. */
export async function wholeChunk(
  chunks: AsyncIterable<ChatChunk>,
  asked: { protocol: string; model: string },
): Promise<ChatChunk> {
  const batches = batchesOf(chunks)
  const seen: ChatChunk[] = []
  try {
    for (let step = await batches.next(); !step.done; step = await batches.next()) seen.push(...step.value)
    const [only, ...more] = seen
    return only && more.length === 0 ? only : asChunk(accumulated(seen, asked, true))
  } catch (error) {
    if (seen.length > 0 && error instanceof DualscopeError) error.partial ??= accumulated(seen, asked, false)
    throw error
  }
}

/** What the chunks make together; a `whole` answer must have its end. */
function accumulated(chunks: readonly ChatChunk[], asked: { protocol: string; model: string }, whole: boolean) {
  const answer = createAccumulator(asked)
  for (const chunk of chunks) answer.push(chunk, ignore)
  if (whole) answer.finish(ignore)
  return answer.result()
}

function asChunk({ toolCalls, output: _output, message: _message, ...rest }: ChatResult): ChatChunk {
  return { ...rest, toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }
}

function ignore(): void {}
