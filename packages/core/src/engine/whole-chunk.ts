import { createAccumulator } from '../stream/accumulate.ts'
import type { ChatChunk } from '../chunk.ts'
import { DualscopeError } from '../errors.ts'
import type { ChatResult } from '../result.ts'

/** The answer to a request for no stream as one chunk, also where the service answered with a stream. */
export async function wholeChunk(
  chunks: AsyncIterable<ChatChunk>,
  asked: { protocol: string; model: string },
): Promise<ChatChunk> {
  const answer = createAccumulator(asked)
  const seen: ChatChunk[] = []
  try {
    for await (const chunk of chunks) {
      seen.push(chunk)
      answer.push(chunk, ignore)
    }
    const [only, ...more] = seen
    if (only && more.length === 0) return only
    answer.finish(ignore)
  } catch (error) {
    if (seen.length > 0 && error instanceof DualscopeError) error.partial ??= answer.result()
    throw error
  }
  return asChunk(answer.result())
}

function asChunk({ toolCalls, output: _output, message: _message, ...rest }: ChatResult): ChatChunk {
  return { ...rest, toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }
}

function ignore(): void {}
