import type { LateBatches } from './batched-stream.ts'
import type { OpenCall } from '../transport/call.ts'
import type { ChatChunk } from '../chat/chunk.ts'
import { loadStreaming } from '../stream/load-streaming.ts'

/** A call that is made once, when it is first wanted. */
export interface LateCall extends LateBatches<ChatChunk> {
  /** Makes the call, or gives the one that is being made. */
  begin: () => Promise<OpenCall>
  /** Ends it, also while it is being made; never rejects. */
  close: () => Promise<void>
}

/** Makes no call yet; the controller that it is to be made with ends it. */
export function createLateCall(makeCall: (controller: AbortController) => Promise<OpenCall>): LateCall {
  const controller = new AbortController()
  let opening: Promise<OpenCall> | undefined
  const late: LateCall = {
    begin() {
      if (!opening) {
        opening = makeCall(controller)
        // Its failure is told to whoever reads.
        opening.catch(() => undefined)
      }
      return opening
    },
    async close() {
      controller.abort()
      // A call that does not open has nothing to close.
      const call = await opening?.catch(() => undefined)
      await call?.close()
    },
    async batches() {
      const { chunkBatches } = await loadStreaming()
      return chunkBatches(late)
    },
  }
  return late
}
