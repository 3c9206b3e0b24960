import { accumulated } from '../stream/accumulate.ts'
import type { OpenCall } from '../transport/call.ts'
import { chunkBatches } from './chunk-batches.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import type { ChatResult } from '../chat/result.ts'

/** The answer to a request for no stream as one chunk, where the service answered with a stream. */
export async function wholeChunk(call: OpenCall, asked: { protocol: string; model: string }): Promise<ChatChunk> {
  const seen: ChatChunk[] = []
  let failure: { error: unknown } | undefined
  let over = false
  const read = chunkBatches({ begin: async () => call, close: call.close }).reads<void>({
    take: (chunks) => void seen.push(...chunks),
    end: () => void (over = true),
    fail(error) {
      over = true
      failure = { error }
    },
  })
  while (!over) await read()
  return asChunk(accumulated(seen, asked, failure))
}

function asChunk({ toolCalls, output: _output, message: _message, ...rest }: ChatResult): ChatChunk {
  return { ...rest, toolCalls: toolCalls.map((call, index) => ({ index, ...call })) }
}
