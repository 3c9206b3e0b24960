import { accumulated } from '../stream/accumulate.ts'
import type { Batches } from './batches.ts'
import type { ChatChunk } from '../chunk.ts'
import type { ChatResult } from '../result.ts'

/** The answer to a request for no stream as one chunk, also where the service answered with a stream. */
export async function wholeChunk(
  batches: Batches<ChatChunk>,
  asked: { protocol: string; model: string },
): Promise<ChatChunk> {
  const seen: ChatChunk[] = []
  let failure: { error: unknown } | undefined
  try {
    for (let step = await batches.next(); !step.done; step = await batches.next()) seen.push(...step.value)
  } catch (error) {
    failure = { error }
  }
  const [only] = seen
  return only && seen.length === 1 && !failure ? only : asChunk(accumulated(seen, asked, failure))
}

function asChunk({ toolCalls, output: _output, message: _message, ...rest }: ChatResult): ChatChunk {
  return { ...rest, toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }
}
